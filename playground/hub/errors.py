"""What can go wrong at the hub, in sentences for the visitor."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

PATIENCE = 20.0
"""Seconds until a server that doesn't answer is given up."""

NAME = "A name on the hub has the form owner/name, of letters, digits, dots and hyphens."


class HubError(ValueError):
    """What the hub refused, or why it can't be reached: a sentence for the visitor."""


@contextmanager
def sentences(endpoint: str, name: str = "", what: str = "model") -> Iterator[None]:
    """Whatever goes wrong there, as a HubError. name: of a model or a data set, which `what` says."""
    try:
        yield
    except HubError:
        raise
    except GatedRepoError:
        raise HubError(f"{name} is open only to those whom its owner lets in.") from None
    except RepositoryNotFoundError:
        raise HubError(f"There is no public {what} called {name} on the hub.") from None
    except (EntryNotFoundError, RevisionNotFoundError):
        raise HubError(f"{name} is not a {what} of the kind that is read here.") from None
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
        logging.warning("the hub at %s: %r", endpoint, error)
        raise HubError(f"The hub can't be reached from here ({endpoint}).") from None
