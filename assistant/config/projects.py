"""The section `projects`: plans that projects are made from, a step each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.config.models import StepModel
from assistant.config.phrases import meant
from assistant.config.reading import Source
from assistant.domain.people import Person
from assistant.domain.tasks import PRIORITIES, Step, Template, step_circle


def project_plans(
    models: Mapping[str, Sequence[StepModel]], people: Mapping[str, Person], source: Source
) -> dict[str, Template]:
    """What is wrong in one is reported at its place."""
    return {name: Template(name, _steps(name, steps, people, source)) for name, steps in models.items()}


def _steps(name: str, models: Sequence[StepModel], people: Mapping[str, Person], source: Source) -> tuple[Step, ...]:
    names = {known: person.address for person in people.values() for known in (person.name, person.address)}
    steps = []
    for number, model in enumerate(models):
        place = ("projects", name, number)
        if model.owner is not None and model.owner not in names:
            source.problem((*place, "owner"), f"nobody is called {model.owner}{meant(model.owner, names)}")
        for before in model.after:
            if not 1 <= before <= len(models) or before == number + 1:
                source.problem((*place, "after"), f"there is no other step {before} to come after")
        steps.append(
            Step(
                model.task, names.get(model.owner or ""), model.before, tuple(model.after),
                PRIORITIES.index(model.priority), int(model.estimate.total_seconds() // 60) if model.estimate else None,
            )
        )  # fmt: skip
    path = step_circle(steps)
    if path:
        source.problem(("projects", name), f"these steps wait for each other: {', '.join(map(str, path))}")
    return tuple(steps)
