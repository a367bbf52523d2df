"""Pages of LaTeX: golden snippets, names and numbers, and every page compiled by pdflatex without a complaint."""

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from symcircuits.expr.parse import parse_claim, parse_expression
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Term, total, variable
from symcircuits.provers.cite import Citation, prove_by_citation
from symcircuits.provers.prove import prove_claim
from symcircuits.provers.result import Counterexample
from symcircuits.publish.latex import counterexample_page, term_to_latex, theorem_page
from symcircuits.publish.latex_terms import name_to_latex, names_to_latex, number_to_latex

LONG_NAME = "very_long_name_" * 12 + "x"
FORTY = " + ".join(f"relu(x{n} - 1/2)" for n in range(40))
NASTY = f"Weight_in_2 + α + é_1 + x1 + x_1 + x_1_2 + aß/3 + _a + b__c + Ж_я + ﬁnal + {LONG_NAME}"
MIN = "(relu({0}) - relu(-({0})) - relu({0} - ({1})))"
SMALL = "relu(relu({0}) - abs({0} + {1}) - abs({1}) - 1)"
PAGES = {
    "seed": ("min(a, b) == b - relu(b - a)", ""),
    "min4": (MIN.format(MIN.format("x1", "x2"), MIN.format("x3", "x4")) + " == min(x1, x2, x3, x4)", ""),
    "nasty names": (f"relu({NASTY}) >= {NASTY}", ""),
    "many nasty names": (f"relu(α1) + max({NASTY}, 0) == relu(α1) + relu({NASTY})", ""),
    "huge numbers": (f"relu({'7' * 5000}/{'3' * 61}*x) + 1/{'9' * 60} >= {'7' * 5000}/{'3' * 61}*x", ""),
    "deep": ("abs(" * 90 + "x" + ")-1" * 90 + " == " + "abs(" * 90 + "x" + ")-1" * 90, ""),
    "deep functions": ("relu(" * 90 + "x" + ")" * 90 + " == " + "abs(" * 90 + "relu(x)" + ")" * 90, ""),
    "forty terms": (f"{FORTY} == {FORTY}", ""),
    "inequality": ("relu(x + y + z + u) <= relu(x) + relu(y) + relu(z) + relu(u)", ""),
    "domain": ("abs(x/3 - y) < 1/2", "0 <= x <= 1, 0 <= y <= 1/3"),
    "flat": ("x == y", "x + 0 == y"),
    "parameter": ("relu(w*x)/w == relu(x)", "w > 0"),
    "vacuous": ("x == 1", "x > 2, x < 1"),
    "numbers": ("1/2 <= 2", ""),
    "refuted": ("relu(b) - relu(b - a) == min(a, b)", ""),
    "refuted on a domain": ("relu(b + relu(a)/2) <= abs(a) - 1", "a >= 2, b >= 3"),
    "refuted forty": (f"{FORTY} <= {' + '.join(f'relu(x{n} - 2/5)' for n in range(39))}", ""),
}


def page(text: str, where: str = "") -> str:
    answer = prove_claim(parse_claim(text, where))
    if isinstance(answer, Theorem):
        return theorem_page(answer)
    assert isinstance(answer, Counterexample)
    return counterexample_page(answer)


def cited() -> Theorem:
    minimum = prove_claim(parse_claim("b - relu(b - a) == min(a, b)"))
    assert isinstance(minimum, Theorem)
    claim = parse_claim("m - relu(m - c) == min(min(a, b), c)", let=[("m", "b - relu(b - a)")])
    a, b, c, whole = *map(parse_expression, "abc"), claim.goal.left
    first = Citation(minimum, (b, a), whole.args[0], Term("min", (a, b)))
    return prove_by_citation(
        claim, [first, Citation(minimum, (whole.args[0], c), whole, Term("min", (c, whole.args[0])))]
    )


def lines_of(text: str) -> list[str]:
    return re.sub(r"\\penalty\d+ ", "", text).splitlines()


SEEDS = [
    ("min(a, b) == b - relu(b - a)", r"\proofline{0}{Case $a \ge b$}{$\min(a, b) = b$ and "),
    (
        "relu(x) + relu(-x) == abs(x)",
        r"\proofline{0}{Case $x \ge 0$}{$\operatorname{relu}(x) + \operatorname{relu}(-x) = ",
    ),
    (
        "x == relu(x) - relu(-x)",
        r"\proofline{0}{Case $x \le 0$}{$\operatorname{relu}(x) - \operatorname{relu}(-x) = 0 - ",
    ),
    ("x + y == relu(x + y) - relu(-x - y)", r"\proofline{0}{Case $x + y \ge 0$}{$\operatorname{relu}(x + y) - "),
    (
        PAGES["min4"][0],
        r"\proofline{0}{}{Replace 3 parts by what they are equal to, the inner ones first.",
    ),
]


@pytest.mark.parametrize(("text", "start"), SEEDS, ids=[text for text, _ in SEEDS])
def test_golden_lines(text: str, start: str) -> None:
    assert any(line.startswith(start) for line in lines_of(page(text)))


def test_a_page_states_the_claim_and_what_was_checked() -> None:
    text = page("abs(x) <= 1", "-1 <= x <= 1")
    assert r"For every $x\in\mathbb{R}$ with $-1 \le x \le 1$,\quad $\lvert x \rvert \le 1$." in text
    assert re.search(r"certificate:} \d+ steps?, \d+ bytes", text)
    assert "Throughout" not in text
    assert "Throughout" in page("relu(x) >= 0")


def test_a_refutation_gives_both_sides_and_the_verdict() -> None:
    lines = lines_of(page("relu(b) - relu(b - a) == min(a, b)"))
    assert r"\proofline{0}{}{Take $b = -1$, $a = 0$.}" in lines
    assert r"\proofline{0}{}{The right side: $\min(a, b) = \min(0, -1) = -1$.}" in lines
    assert any(r"$0 \ne -1$" in line for line in lines)


def test_a_shared_part_is_defined_once() -> None:
    text = page("abs({0}) == relu({0}) + relu(-{0})".format("(relu(x1) - relu(-x1) - relu(x1 - x2))"))
    assert text.count("$t_{1} = ") == 1 and "t_{2}" not in text


def test_a_citation_quotes_its_theorem() -> None:
    text = theorem_page(cited())
    quoted = r"By theorem 1 (For all $b, a\in\mathbb{R}$,\quad $b - \operatorname{relu}(b - a) = \min(a, b)$)"
    assert f"{quoted} at $b = b$, $a = a$." in text and "1 cited theorem among them" in text


def test_long_proofs_are_cut_with_a_count() -> None:
    text = page(" + ".join(map(SMALL.format, "xyzu", "yzux")) + " == 0")
    assert text.count("\\proofline{") == 60
    assert re.search(r"\d+ more steps of \d+ not shown here; the certificate has the whole proof\.", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-x", "-x"),
        ("2*(x - y)/3 + 1", r"\tfrac{2}{3}(x - y) + 1"),
        ("abs(x - abs(y))", r"\bigl\lvert x - \lvert y \rvert\bigr\rvert"),
        ("relu(x1)/2 - 5/2", r"\tfrac{1}{2}\operatorname{relu}(x_{1}) - \tfrac{5}{2}"),
        ("max(x, -y, 0)", r"\max(x, -y, 0)"),
    ],
)
def test_terms(text: str, expected: str) -> None:
    assert term_to_latex(parse_expression(text)) == expected


def test_terms_that_the_parser_does_not_write() -> None:
    x = variable("x")
    assert term_to_latex(total([])) == "0"
    assert term_to_latex(total([(Fraction(2), variable("3")), (Fraction(-1), x)])) == r"2\cdot 3 - x"


NAMES = [
    ("x", "x"),
    ("x1", "x_{1}"),
    ("x_1", "x_{1}"),
    ("x_1_2", "x_{1,2}"),
    ("λ", r"\lambda"),
    ("Ω2", r"\Omega_{2}"),
    ("alpha", r"\alpha"),
    ("rate", r"\mathit{rate}"),
    ("W_in", r"W_{\mathit{in}}"),
    ("_a", r"\mathtt{\_a}"),
    ("b__c", r"\mathtt{b\_\_c}"),
    ("é", r"\text{\itshape\'{e}}"),
    ("ß", r"\text{\itshape\ss{}}"),
    ("数", r"\text{\itshape [U+6570]}"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_names(name: str, expected: str) -> None:
    assert name_to_latex(name) == expected


def test_names_stay_apart() -> None:
    names = ["x1", "x_1", "alpha", "α", "α_0", "alpha0", "α0", "数", "é", "LONG" * 30, "LONG" * 31]
    latex = names_to_latex(names)
    assert len(set(latex.values())) == len(names)


@pytest.mark.parametrize(("digits", "shown"), [(60, True), (61, False), (5000, False)])
def test_long_numbers_are_abbreviated(digits: int, shown: bool) -> None:
    text = number_to_latex(Fraction(10 ** (digits - 1)))
    assert (text == "1" + "0" * (digits - 1)) is shown
    assert shown or str(digits) in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_pages_compile_without_a_complaint(tmp_path: Path) -> None:
    pages = {name: page(*claim) for name, claim in PAGES.items()} | {"cited": theorem_page(cited())}
    assert all(text.isascii() for text in pages.values())
    heads = {text.split(r"\begin{document}")[0] for text in pages.values()}
    assert len(heads) == 1
    bodies = [text.split(r"\begin{document}")[1].split(r"\end{document}")[0] for text in pages.values()]
    document = heads.pop() + r"\begin{document}" + "\n\\clearpage\n".join(bodies) + r"\end{document}"
    (tmp_path / "pages.tex").write_text(document, encoding="ascii")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "pages.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    log = (tmp_path / "pages.log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-3000:]
    complaints = [line for line in log.splitlines() if re.match(r"!|.*(Overfull|Underfull|[Uu]ndefined|Warning)", line)]
    assert not complaints
