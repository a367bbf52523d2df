"""Terms as LaTeX formulas, in pure ASCII, that may break over lines at any operator or comma, the outermost first.

Every place where a line may break holds a mark, a character that no name contains, which tells how deep in brackets
it is. A page turns marks into penalties, so that TeX itself breaks what is too long; elsewhere they are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice

from symcircuits.kernel.number import rational_to_text
from symcircuits.kernel.term import Term, table
from symcircuits.kernel.text import Row

DIGITS, LONG, SHARED, NAME, SHORT = 60, 4000, 60, 16, 44
MARKS = "\ue000\ue001\ue002\ue003\ue004"
RELATION_MARK = "\ue005"
PENALTIES = {**dict(zip(MARKS, (40, 150, 300, 600, 900), strict=True)), RELATION_MARK: 0}
DEEPER = str.maketrans(MARKS, MARKS[1:] + MARKS[-1])
SIZELESS = re.compile(r"\\(operatorname|mathit|text|tfrac|big[lr])|[{} \\]")
RELATIONS = {"=": "=", "==": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "!=": r"\ne"}

GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ϵ": "epsilon", "ζ": "zeta"},
    **{"η": "eta", "θ": "theta", "ϑ": "vartheta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu"},
    **{"π": "pi", "ϖ": "varpi", "ρ": "rho", "ϱ": "varrho", "σ": "sigma", "ς": "varsigma", "τ": "tau", "υ": "upsilon"},
    **{"ξ": "xi", "φ": "varphi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega"},
    **{"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon"},
    **{"Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"},
}
SPELLED = {word.removeprefix("var") for word in GREEK.values()}
ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0304\u0306\u0307\u030b", "`'^~\"rv=u.H", strict=True))
LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "Æ": "AE", "Ø": "O", "Œ": "OE", "Ł": "L"}


def term_to_latex(term: Term) -> str:
    """The term as LaTeX, for use in a formula; parts longer than `LONG` characters are left out.

    >>> from symcircuits.kernel.term import Term, total, variable
    >>> x, rate = variable("x_1"), variable("rate")
    >>> gap = total([(Fraction(-1), x), (Fraction(3, 2), rate)])
    >>> print(term_to_latex(Term("max", (gap, Term("abs", (gap,))))))
    \\max\\bigl(-x_{1} + \\tfrac{3}{2}\\mathit{rate}, \\lvert -x_{1} + \\tfrac{3}{2}\\mathit{rate} \\rvert\\bigr)
    """
    return without_marks(Writer((term,)).write(term))


def without_marks(body: str) -> str:
    """The formula without places where it may break."""
    return re.sub(f"[{MARKS}{RELATION_MARK}]", "", body)


def with_penalties(body: str) -> str:
    """The formula with the places where it may break as penalties, higher inside brackets; none where it is short."""
    if len(SIZELESS.sub("", without_marks(body))) <= SHORT:
        return without_marks(body)
    for mark, penalty in PENALTIES.items():
        body = body.replace(mark, rf"\penalty{penalty} ")
    return body


class Writer:
    """Terms as LaTeX, always with the same names of variables, and with the same names of shared parts.

    roots: the terms of a statement, which settle the names; a part that occurs more than once in them and is long gets
    a name `t1`, ..., and `definitions` lists these with their LaTeX.
    """

    def __init__(self, roots: Iterable[Term], share: bool = False) -> None:
        rows, places = table(*roots)
        self._names = names_to_latex(dict.fromkeys(row[3] for row in rows if row[0] == "variable"))
        self._rows: dict[Row, int] = {}
        self._texts: list[str] = []
        self._kinds: list[str] = []
        self.definitions: list[tuple[str, str]] = []
        self.left_out = False
        uses = Counter(part for row in rows for part in row[1])
        numbered = (f"t_{{{number}}}" for number in range(1, 2 * len(rows) + 2))
        free = (name for name in numbered if name not in self._names.values())
        for at, row in enumerate(rows):
            body = self._add(row)
            long = len(body) > LONG and at not in places
            if share and row[1] and (long or (uses[at] > 1 and len(without_marks(body)) > SHARED)):
                self.definitions.append((name := next(free), body))
                self._texts[-1], self._kinds[-1] = name, "variable"

    def write(self, term: Term) -> str:
        """The LaTeX of a term, with marks."""
        rows, (place,) = table(term)
        numbers: list[int] = []
        for kind, parts, *rest in rows:
            row: Row = (kind, tuple(numbers[at] for at in parts), *rest)  # type: ignore[assignment]
            if row not in self._rows and len(self._add(row)) > LONG:
                self._texts[-1], self._kinds[-1] = r"\langle\text{long formula}\rangle", "variable"
            numbers.append(self._rows[row])
        text = self._texts[numbers[place]]
        self.left_out = self.left_out or "long formula" in text
        return text

    def name(self, variable: str) -> str:
        """The LaTeX of a variable's name."""
        return self._names.get(variable) or name_to_latex(variable)

    def _add(self, row: Row) -> str:
        kind, parts, coefficients, name, exponent = row
        texts, kinds = [self._texts[at] for at in parts], [self._kinds[at] for at in parts]
        match kind:
            case "one":
                body = "1"
            case "variable":
                body = self._variable(name)
            case "sum":
                body = _sum(coefficients, texts, kinds)
            case "scale":
                body = _scale(texts, kinds, exponent)
            case "abs":
                body = _bracketed(r"\lvert ", texts[0], r" \rvert")
            case _:
                function = r"\operatorname{relu}" if kind == "relu" else rf"\{kind}"
                body = function + _bracketed("(", f", {MARKS[0]}".join(texts), ")")
        self._rows[row] = len(self._texts)
        self._texts.append(body)
        self._kinds.append(kind)
        return body

    def _variable(self, name: str) -> str:
        return _numeral(name) if name[:1].isdecimal() else self.name(name)


def _numeral(text: str) -> str:
    top, _, bottom = text.partition("/")
    return rf"\tfrac{{{_digits(top)}}}{{{_digits(bottom)}}}" if bottom else _digits(top)


def number_to_latex(value: Fraction) -> str:
    """A rational as LaTeX; a run of more than `DIGITS` digits by its ends and its length.

    >>> print(number_to_latex(Fraction(-3, 2)), number_to_latex(Fraction(10**99)))
    -\\tfrac{3}{2} 1000000000\\ldots0000000000_{\\langle100\\mathrm{~digits}\\rangle}
    """
    return ("-" if value < 0 else "") + _numeral(rational_to_text(abs(value)))


def _digits(digits: str) -> str:
    if len(digits) <= DIGITS:
        return digits
    return rf"{digits[:10]}\ldots{digits[-10:]}_{{\langle{len(digits)}\mathrm{{~digits}}\rangle}}"


def _bracketed(opening: str, body: str, closing: str) -> str:
    """The body in brackets; around others they are larger and a line may break after and before them, if it must."""
    inner = body.translate(DEEPER)
    if not any(bracket in body for bracket in ("(", r"\lvert")):
        return f"{opening}{inner}{closing}"
    return rf"\bigl{opening}{MARKS[-1]}{inner}{MARKS[-1]}\bigr{closing.strip()}"


def _closed(body: str, kind: str) -> str:
    return _bracketed("(", body, ")") if kind == "sum" else body


def _scale(texts: list[str], kinds: list[str], exponent: int) -> str:
    part, factor = _closed(texts[0], kinds[0]), _closed(texts[1], kinds[1])
    if exponent < 0:
        return f"{part}/{factor}"
    if part == factor and kinds[0] != "scale":
        return f"{{{part}}}^{{2}}"
    return rf"{factor} \cdot {part}" if part[:1].isdigit() or r"\tfrac" in part[:6] else rf"{factor}\,{part}"


def _sum(coefficients: tuple[Fraction, ...], texts: list[str], kinds: list[str]) -> str:
    pieces: list[str] = []
    for c, text, kind in zip(coefficients, texts, kinds, strict=True):
        sign = "-" if c < 0 else "+"
        pieces.append(f" {MARKS[0]}{sign} " if pieces else sign.replace("+", ""))
        pieces.append(number_to_latex(abs(c)) if kind == "one" else _product(abs(c), _closed(text, kind)))
    return "".join(pieces) or "0"


def _product(size: Fraction, body: str) -> str:
    if size == 1:
        return body
    dot = r"\cdot " if body[:1].isdecimal() or body.startswith(r"\tfrac") else ""
    return number_to_latex(size) + dot + body


def names_to_latex(names: Iterable[str]) -> dict[str, str]:
    """Each variable's name as LaTeX, no two alike.

    >>> names_to_latex(["x1", "x_1", "Weight"])
    {'x1': 'x_{1}', 'x_1': '\\\\mathtt{x\\\\_1}', 'Weight': '\\\\mathit{Weight}'}
    """
    taken: set[str] = set()
    result: dict[str, str] = {}
    for name in names:
        body = name_to_latex(name)
        result[name] = _literally(name) if body in taken else body
        taken.add(result[name])
    return result


def name_to_latex(name: str) -> str:
    """A variable's name: letters before digits get an index, and so does what follows an underscore.

    >>> [name_to_latex(name) for name in ("x", "x12", "alpha_0", "β", "W_in", "é")]
    ['x', 'x_{12}', '\\\\alpha_{0}', '\\\\beta', 'W_{\\\\mathit{in}}', "\\\\text{\\\\itshape\\\\'{e}}"]
    """
    head, *indices = name.split("_")
    found = re.fullmatch(r"(.*?[^0-9])([0-9]+)", head)
    if found:
        head, indices = found[1], [found[2], *indices]
    if len(name) > NAME or not head or not all(indices):
        return _literally(name)
    below = ",".join(part if part.isascii() and part.isdigit() else _word(part) for part in indices)
    return f"{_word(head)}_{{{below}}}" if indices else _word(head)


def _word(word: str) -> str:
    if len(word) == 1 and word.isascii():
        return word
    if word in SPELLED or word in GREEK:
        return rf"\{GREEK.get(word, word)}"
    if word.isascii():
        return rf"\mathit{{{word}}}"
    letters = [_letter(letter) for letter in word]
    return rf"\text{{\itshape{' ' if letters[0][0] != chr(92) else ''}{''.join(letters)}}}"


def _letter(letter: str) -> str:
    """A letter in text: accented ones by LaTeX's commands, Greek ones as formulas, others by their code point."""
    base, *accents = list(unicodedata.normalize("NFD", letter))
    if letter.isascii():
        return letter
    if letter in GREEK:
        return rf"$\{GREEK[letter]}$"
    if letter in LETTERS:
        return rf"\{LETTERS[letter]}{{}}"
    if base.isascii() and base.isalpha() and len(accents) == 1 and accents[0] in ACCENTS:
        dotless = rf"\{base}" if base in "ij" else base
        return rf"\{ACCENTS[accents[0]]}{{{dotless}}}"
    return f"[U+{ord(letter):04X}]"


def _literally(name: str) -> str:
    """A name letter by letter, in pieces between which a line may break."""
    letters = iter([r"\_" if c == "_" else c if c.isascii() else f"[U+{ord(c):04X}]" for c in name])
    pieces = iter(lambda: "".join(islice(letters, NAME)), "")
    return MARKS[-1].join(rf"\mathtt{{{piece}}}" for piece in pieces)
