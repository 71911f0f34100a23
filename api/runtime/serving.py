"""The models that answer: for each name the version that was chosen, or else the newest that loads."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from api.errors import ModelUnavailable, RefusedVersion, UnknownModel, UnknownVersion
from api.registry.directory import ModelsDirectory
from api.runtime.load import LoadedModel, load

# Versions beside the answering ones that somebody asked for by number.
_EXTRA_VERSIONS = 8

_log = logging.getLogger(__name__)


class ServingModels:
    """The models in memory, by name; safe to ask from several threads while it follows changes.

    `chosen` gives the version that somebody enabled, by model; a model that is not in it follows its
    newest version, `kept` ones left out: pairs of model and version. `trusted` are the types that the
    operator trusts in skops files. A version that is refused is logged once, and the one before it answers.
    """

    def __init__(
        self,
        directory: ModelsDirectory,
        chosen: Callable[[], Mapping[str, str]],
        trusted: Collection[str] = (),
        kept: Callable[[], Collection[tuple[str, str]]] = frozenset,
    ) -> None:
        self._directory = directory
        self._kept = kept
        self._chosen = chosen
        self._trusted = trusted
        self._loaded: dict[str, LoadedModel] = {}
        self._unavailable: dict[str, str] = {}
        # Models that have nothing but versions that are kept back.
        self._resting: set[str] = set()
        self._extra: OrderedDict[tuple[str, str], LoadedModel] = OrderedDict()
        self._refused: dict[tuple[str, str], RefusedVersion] = {}
        self._changing = threading.Lock()

    def refresh(self) -> None:
        """Take up what changed: new models and versions, chosen ones, deleted ones.

        A model is replaced only once its other version is loaded, so no request goes without an answer.
        """
        with self._changing:
            # First what there is, then what was said of it: a version is kept back before it is there.
            there = {name: self._directory.versions(name) for name in self._directory.names()}
            chosen, kept = self._chosen(), self._kept()
            for name, versions in there.items():
                free = [one for one in versions if (name, one) not in kept]
                self._follow(name, free, chosen.get(name))
            for name in self._known() - there.keys():
                self._forget(name)

    def names(self) -> list[str]:
        """The models that answer, in alphabetical order."""
        return sorted(self._loaded)

    def versions(self, name: str) -> list[str]:
        """The versions of a model that are at rest, oldest first; raises UnknownModel."""
        versions = self._directory.versions(name) if name in self._known() else []
        if not versions:
            raise UnknownModel(name, self.names())
        return versions

    def get(self, name: str, version: str | None = None) -> LoadedModel:
        """The model that answers for `name`, or one of its other versions, which is loaded then.

        Raises UnknownModel, UnknownVersion, ModelUnavailable or RefusedVersion.
        """
        loaded = self._loaded.get(name)
        if loaded is not None and (version is None or version == loaded.card.version):
            return loaded
        if version is not None:
            return self._other_version(name, version)
        if name in self._unavailable:
            raise ModelUnavailable(name, self._unavailable[name])
        if name in self._resting:
            raise ModelUnavailable(name, "none of its versions has been enabled yet; enable one first.")
        raise UnknownModel(name, self.names())

    def check(self, name: str, version: str) -> None:
        """Load a version, as enabling it would; raises UnknownModel, UnknownVersion or RefusedVersion."""
        with self._changing:
            self._refused.pop((name, version), None)
        self.get(name, version)

    def not_ready(self) -> list[str]:
        """Why the service is not ready, a sentence a reason; none where it is."""
        reasons = [f"{name}: {reason}" for name, reason in sorted(self._unavailable.items())]
        return reasons if self._loaded or reasons else ["There is no model to serve."]

    def _known(self) -> set[str]:
        return self._loaded.keys() | self._unavailable.keys() | self._resting

    def _forget(self, name: str) -> None:
        self._loaded.pop(name, None)
        self._unavailable.pop(name, None)
        self._resting.discard(name)

    def _other_version(self, name: str, version: str) -> LoadedModel:
        if version not in self.versions(name):
            raise UnknownVersion(name, version, self.versions(name))
        with self._changing:
            extra = self._extra.get((name, version)) or self._load(name, version)
            self._extra[(name, version)] = extra
            self._extra.move_to_end((name, version))
            while len(self._extra) > _EXTRA_VERSIONS:
                self._extra.popitem(last=False)
        return extra

    def _follow(self, name: str, versions: Sequence[str], chosen: str | None) -> None:
        if not versions:
            self._forget(name)
            self._resting.add(name)
            return
        self._resting.discard(name)
        for version in self._candidates(name, versions, chosen):
            current = self._loaded.get(name)
            if current and current.card.version == version:
                return
            try:
                self._loaded[name] = self._extra.get((name, version)) or self._load(name, version)
            except RefusedVersion:
                continue
            self._unavailable.pop(name, None)
            _log.info("%s answers with version %s%s", name, version, self._remark(name))
            return
        self._loaded.pop(name, None)
        self._unavailable[name] = "none of its versions could be loaded."

    def _candidates(self, name: str, versions: Sequence[str], chosen: str | None) -> Iterator[str]:
        """The versions to try, best first: the chosen one, what answers now, then what came before it."""
        if chosen is not None and chosen in versions:
            yield chosen
            current = self._loaded.get(name)
            if current and current.card.version in versions:
                yield current.card.version
            versions = versions[: versions.index(chosen)]
        yield from reversed(versions)

    def _load(self, name: str, version: str) -> LoadedModel:
        """Load a version; one that was refused is not read again until somebody asks for it by name."""
        known = self._refused.get((name, version))
        if known:
            raise known
        try:
            return load(self._directory, name, version, self._trusted)
        except RefusedVersion as refusal:
            self._refused[(name, version)] = refusal
            _log.error("%s", refusal)
            raise

    def _remark(self, name: str) -> str:
        """What an operator should know of a model that could not be compiled."""
        runtime = self._loaded[name].card.runtime
        return ", by scikit-learn itself: it could not be compiled" if runtime.format == "skops" else ""
