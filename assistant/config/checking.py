"""Plain data against the models, entry by entry, so that one bad entry does not hide what is wrong with the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.config.models import FileModel, Model
from assistant.config.phrases import meant, shown
from assistant.config.reading import Place, Source

M = TypeVar("M", bound=Model)


def check(model: type[M], raw: object, place: Place, source: Source) -> M | None:
    """The entry as ``model``, with every problem reported.

    Options that are wrong are left out, so that the rest is still held against other entries; None where the entry
    cannot do without them.
    """
    if not isinstance(raw, Mapping):
        source.problem(place, f"should be options like {_example(model)}, not {_shape(raw)}")
        return None
    # `zone:` with nothing is the default; what is no option is reported all the same
    known = _options(model, ())
    raw = {str(name): value for name, value in raw.items() if value is not None or _refused(model, str(name), known)}
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    for each in wrong:
        source.problem(_place(place, each), _sentence(model, each))
    kept = {name: value for name, value in raw.items() if name not in {each["loc"][0] for each in wrong if each["loc"]}}
    try:
        return model.model_validate(kept)
    except ValidationError:
        return None


def entries(source: Source, name: str) -> list[tuple[Place, Any]]:
    """The raw entries under a name, each with its place; anything but a list is reported."""
    raw = source.data.get(name)
    if raw is None:
        return []
    if not isinstance(raw, list):
        source.problem((name,), f"should be a list, each entry after a hyphen, not {_shape(raw)}")
        return []
    return [((name, index), entry) for index, entry in enumerate(raw)]


def named_entries(source: Source, name: str) -> list[tuple[str, Any]]:
    """The raw entries under a name that holds a mapping; anything else is reported."""
    raw = source.data.get(name)
    if raw is None:
        return []
    if not isinstance(raw, dict):
        source.problem((name,), f"should be names, each with its options, not {_shape(raw)}")
        return []
    return [(str(key), {} if entry is None else entry) for key, entry in raw.items()]


def check_names(source: Source) -> None:
    """Reports top-level options that do not exist."""
    known = list(FileModel.model_fields)
    for name in source.data:
        if name not in known:
            source.problem((str(name),), f"there is no option {name!r}{meant(str(name), known)}")


def _place(place: Place, error: ErrorDetails) -> Place:
    return (*place, *(step for step in error["loc"] if step != "[key]"))


def _sentence(model: type[BaseModel], error: ErrorDetails) -> str:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), _options(model, error["loc"][:-1]))
    if kind in ("model_type", "dict_type"):
        return f"should be options like `name: value`, not {_shape(given)}"
    message = error["msg"].removeprefix("Input ")
    if kind == "list_type":
        message = "should be a list"
    if kind.startswith("int_"):
        message = "should be a whole number"
    return f"{message[:1].lower()}{message[1:]}, not {_shape(given)}"


def _unknown(name: str, known: Collection[str]) -> str:
    near = "; put a blank after the colon" if ":" in name and name.partition(":")[0] in known else meant(name, known)
    return f"there is no option {name!r}{near}"


def _refused(model: type[BaseModel], name: str, known: Collection[str]) -> bool:
    return name not in known and model.model_config.get("extra") == "forbid"


def _options(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The option names at a place inside ``model``."""
    for step in place:
        if isinstance(step, str) and (field := _field(model, step)) is not None:
            model = _model_in(field) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _field(model: type[BaseModel], name: str) -> Any:
    return next((f.annotation for n, f in model.model_fields.items() if name in (n, f.alias)), None)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a list, a mapping or an optional value is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _shape(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "options"
    return "a list" if isinstance(value, list) else shown(value)


def _example(model: type[BaseModel]) -> str:
    names = [name for name, field in model.model_fields.items() if field.is_required()] or list(model.model_fields)
    return "`{" + ", ".join(f"{name}: …" for name in names[:2]) + "}`"
