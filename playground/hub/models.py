"""Publish a model on the hub, and fetch one by its name. Both may take seconds: not for an event loop."""

from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, HfApi, constants, get_hf_file_metadata, hf_hub_download, hf_hub_url

from playground.hub.errors import NAME, PATIENCE, HubError, sentences
from playground.hub.names import FILE, PICTURE, is_name
from playground.training.model_file import LARGEST


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
        with sentences(self.endpoint, name):
            made = api.create_repo(name, exist_ok=True)
            operations = [CommitOperationAdd(path, content) for path, content in files.items()]
            api.create_commit(made.repo_id, operations, commit_message="A model from the Generative Playground")
            return str(made)

    def owner(self, token: str) -> str:
        """The name of a token's owner. Raises HubError."""
        with sentences(self.endpoint):
            return str(HfApi(self.endpoint, token=token).whoami()["name"])

    def fetch(self, name: Any) -> bytes:
        """The file of a public model. Raises HubError."""
        if not is_name(name):
            raise HubError(NAME)
        with sentences(self.endpoint, name):
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
