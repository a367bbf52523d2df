"""A theorem is made by `check` and by nothing else, and nothing changes it afterwards."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
from pathlib import Path
from typing import Any

import pytest

from symcircuits.kernel.check import Theorem, check
from symcircuits.kernel.errors import CertificateRejected
from symcircuits.kernel.term import Claim, Comparison, constant

FOLDER = Path(__file__).parents[1] / "certificates" / "accepted"
TEXT = (FOLDER / "min_as_network.json").read_text(encoding="utf-8")
OTHER = (FOLDER / "strict_sum.json").read_text(encoding="utf-8")
FALSE = Claim(Comparison(constant(0), "==", constant(1)))


@pytest.fixture
def theorem() -> Theorem:
    return check(TEXT)


def test_a_theorem_says_what_was_checked(theorem: Theorem) -> None:
    assert str(theorem.claim) == "for all real a, b: min(a, b) == b - relu(b - a)"
    assert repr(theorem) == f"Theorem: {theorem.claim}"
    assert theorem.certificate == TEXT and theorem.is_vacuous is False


@pytest.mark.parametrize("arguments", [(), (FALSE,), (FALSE, TEXT), (FALSE, TEXT, False)], ids=range(4))
def test_the_constructor_makes_none(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match="made by check"):
        Theorem(*arguments)


@pytest.mark.parametrize("name", ["claim", "certificate", "is_vacuous", "__reduce__", "__repr__"])
def test_a_bare_object_says_nothing(name: str) -> None:
    bare = object.__new__(Theorem)
    with pytest.raises(TypeError, match="not a theorem"):
        value = getattr(bare, name)
        value()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda theorem: pickle.loads(pickle.dumps(theorem))])
def test_a_copy_is_a_theorem_of_the_same_claim(theorem: Theorem, copied: Any) -> None:
    again = copied(theorem)
    assert type(again) is Theorem and again.claim == theorem.claim and again.certificate == TEXT


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_carries_the_certificate_and_no_claim(theorem: Theorem, protocol: int) -> None:
    stored = pickle.dumps(theorem, protocol)
    assert pickle.loads(stored).claim == theorem.claim
    assert b"Claim" not in stored


def test_a_doctored_pickle_proves_what_its_certificate_says_or_nothing(theorem: Theorem) -> None:
    assert theorem.__reduce__() == (check, (TEXT,))
    stored = pickle.dumps(theorem, 0).decode("ascii")
    wrong = stored.replace('["min", 0, 1]', '["max", 0, 1]')
    assert wrong != stored
    with pytest.raises(CertificateRejected, match="normal forms"):
        pickle.loads(wrong.encode("ascii"))
    renamed = stored.replace('["a", "b"]', '["p", "q"]')
    assert str(pickle.loads(renamed.encode("ascii")).claim) == "for all real p, q: min(p, q) == q - relu(q - p)"


def test_replace_knows_no_theorem(theorem: Theorem) -> None:
    with pytest.raises(TypeError):
        dataclasses.replace(theorem, claim=FALSE)  # type: ignore[type-var]
    assert not hasattr(theorem, "__replace__") and not hasattr(theorem, "_replace")


def test_there_are_no_subclasses() -> None:
    with pytest.raises(TypeError, match="no subclasses"):
        type("Lemma", (Theorem,), {"claim": FALSE})
    with pytest.raises(TypeError, match="no subclasses"):

        class Lemma(Theorem):
            claim = FALSE


@pytest.mark.parametrize("name", ["claim", "certificate", "is_vacuous", "_record", "proved", "__dict__", "__weakref__"])
def test_no_attribute_of_an_instance_is_set_or_deleted(theorem: Theorem, name: str) -> None:
    for assign in (setattr, object.__setattr__):
        with pytest.raises((AttributeError, TypeError)):
            assign(theorem, name, FALSE)
    with pytest.raises((AttributeError, TypeError)):
        delattr(theorem, name)
    assert str(theorem.claim).startswith("for all real a, b")


ATTRIBUTES = ["claim", "_record", "__new__", "__init_subclass__", "__class__", "proved", "__bases__"]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_no_attribute_of_the_class_is_set_or_deleted(theorem: Theorem, name: str) -> None:
    before = dict(vars(Theorem))
    with pytest.raises(TypeError, match="cannot be changed"):
        setattr(Theorem, name, FALSE)
    if name in before:
        try:
            with pytest.raises(TypeError, match="cannot be changed"):
                delattr(Theorem, name)
        finally:
            if name not in vars(Theorem):
                type.__setattr__(Theorem, name, before[name])  # the other tests need it
    assert dict(vars(Theorem)) == before and str(theorem.claim).startswith("for all")


class Impostor:
    """As a theorem is laid out, and equal to everything."""

    __slots__ = ("__weakref__",)
    claim = FALSE

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(VICTIM)


VICTIM = check(TEXT)


def test_an_impostor_that_takes_the_class_is_no_theorem() -> None:
    impostor: Any = Impostor()
    impostor.__class__ = Theorem
    with pytest.raises(TypeError, match="not a theorem"):
        _ = impostor.claim


def test_a_theorem_that_leaves_the_class_is_none_any_more() -> None:
    changed: Any = check(TEXT)
    changed.__class__ = Impostor
    assert type(changed) is not Theorem and changed.claim is FALSE
    for method in (Theorem.claim.fget, Theorem.certificate.fget):  # type: ignore[attr-defined]
        with pytest.raises((AttributeError, TypeError)):
            method(changed)


def test_the_record_of_an_impostor_is_not_that_of_an_equal_object() -> None:
    for method in (Theorem.claim.fget, Theorem.certificate.fget, Theorem.is_vacuous.fget):  # type: ignore[attr-defined]
        with pytest.raises((AttributeError, TypeError)):
            method(Impostor())


def test_the_claim_is_made_of_tuples(theorem: Theorem) -> None:
    claim: Any = theorem.claim
    shown = str(claim)
    parts: list[Any] = [claim, claim.goal, claim.goal.left, claim.goal.right, *claim.goal.right.args]
    for part in parts:
        assert type(part).__bases__ == (tuple,) and not hasattr(part, "__dict__")
        with pytest.raises(AttributeError):
            part.goal = FALSE.goal
        with pytest.raises(AttributeError):
            object.__setattr__(part, "kind", "max")
        with pytest.raises(TypeError):
            part[0] = FALSE.goal
    other = claim._replace(goal=FALSE.goal)
    assert other.goal == FALSE.goal and other != theorem.claim and str(theorem.claim) == shown
    claim += (FALSE,)
    assert theorem.claim == parts[0] and str(theorem.claim) == shown


class Liar(tuple):  # type: ignore[type-arg]
    __slots__ = ()

    def __str__(self) -> str:
        return "for all real x: 0 == 1"


def test_what_is_done_to_the_claim_does_not_reach_the_theorem(theorem: Theorem) -> None:
    shown, claim = str(theorem), theorem.claim
    claim.__class__ = Liar  # type: ignore[assignment]
    number: Any = theorem.claim.goal.right.coefficients[0]
    number._numerator = 5
    assert str(claim) == "for all real x: 0 == 1" and str(theorem) == shown and type(theorem.claim) is Claim


def test_every_theorem_keeps_its_own_record() -> None:
    first, second, third = check(TEXT), check(OTHER), check(TEXT)
    assert first is not third and first.claim == third.claim != second.claim
    del first
    gc.collect()
    assert third.certificate == TEXT and second.certificate == OTHER


@pytest.mark.parametrize("value", [TEXT.encode(), None, 1, [TEXT], type("Text", (str,), {})(TEXT)], ids=repr)
def test_only_a_text_is_checked(value: Any) -> None:
    with pytest.raises(TypeError, match="a certificate is checked as its text"):
        check(value)
