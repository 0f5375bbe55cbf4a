"""Publish a model on the hub, and fetch one by its name. Both may take seconds: not for an event loop."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, HfApi, constants, get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from playground.hub.names import FILE, PICTURE, is_name
from playground.training.model_file import LARGEST

PATIENCE = 20.0
"""Seconds until a server that doesn't answer is given up."""


class HubError(ValueError):
    """What the hub refused, or why it can't be reached: a sentence for the visitor."""


NAME = "A model's name on the hub has the form owner/name, of letters, digits, dots and hyphens."


class Hub:
    """endpoint: its address, by default that of huggingface_hub: HF_ENDPOINT, or https://huggingface.co."""

    def __init__(self, endpoint: str | None = None):
        self.endpoint = endpoint or constants.ENDPOINT

    def publish(self, name: str, model: bytes, card: str, picture: bytes, token: str) -> str:
        """Publish a model under a name, "owner/name" or just a name of the token's owner; what is there is replaced.
        Returns its address. model: see `playground.training.model_file`. picture: a PNG, or empty. Raises HubError."""
        if not is_name(name):
            raise HubError(NAME)
        api = HfApi(self.endpoint, token=token)
        files = {FILE: model, "README.md": card.encode()} | ({PICTURE: picture} if picture else {})
        with self._sentences(name):
            made = api.create_repo(name, exist_ok=True)
            operations = [CommitOperationAdd(path, content) for path, content in files.items()]
            api.create_commit(made.repo_id, operations, commit_message="A model from the Generative Playground")
            return str(made)

    def owner(self, token: str) -> str:
        """The name of a token's owner. Raises HubError."""
        with self._sentences(""):
            return str(HfApi(self.endpoint, token=token).whoami()["name"])

    def fetch(self, name: Any) -> bytes:
        """The file of a public model. Raises HubError."""
        if not is_name(name):
            raise HubError(NAME)
        with self._sentences(name):
            address = hf_hub_url(name, FILE, endpoint=self.endpoint)
            found = get_hf_file_metadata(address, timeout=PATIENCE, token=False, endpoint=self.endpoint)
            if found.size is None or found.size > LARGEST:
                raise HubError(f"{name} is too large: at most {LARGEST // 1_000_000} MB are possible.")
            path = hf_hub_download(
                name,
                FILE,
                revision=found.commit_hash,
                endpoint=self.endpoint,
                etag_timeout=PATIENCE,
                token=False,
            )
            return Path(path).read_bytes()

    @contextmanager
    def _sentences(self, name: str) -> Iterator[None]:
        """What goes wrong there, as a HubError."""
        try:
            yield
        except HubError:
            raise
        except GatedRepoError:
            raise HubError(f"{name} is open only to those whom its owner lets in.") from None
        except RepositoryNotFoundError:
            raise HubError(f"There is no public model called {name} on the hub.") from None
        except EntryNotFoundError:
            raise HubError(f"{name} is not a model of the playground: it has no {FILE}.") from None
        except HFValidationError:
            raise HubError(NAME) from None
        except OfflineModeIsEnabled:
            raise HubError("The hub is switched off on this machine (HF_HUB_OFFLINE).") from None
        except HfHubHTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if status in (401, 403):
                raise HubError("The hub doesn't let you do this. Publish under your own name.") from None
            raise HubError(f"The hub answered with an error ({status}). Try again in a minute.") from None
        except Exception as error:  # of its HTTP client, which differs from version to version
            logging.warning("the hub at %s: %r", self.endpoint, error)
            raise HubError(f"The hub can't be reached from here ({self.endpoint}).") from None
