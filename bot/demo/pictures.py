"""The pictures that arrived on a phone, saved where a person can open them."""

from pathlib import Path


class Pictures:
    """A folder of PNG files; `title` names the pictures that arrive from now on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.title = "imagen"
        self.saved: list[Path] = []

    def keep(self, data: bytes) -> Path:
        """Save a picture, replacing the one of an earlier showing; return its path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self.title}.png"
        path.write_bytes(data)
        self.saved.append(path)
        return path
