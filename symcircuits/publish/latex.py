"""Theorems and counterexamples as pages of LaTeX that compile by themselves with pdflatex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from symcircuits.circuits.circuit import Circuit
from symcircuits.circuits.gadget import Example
from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Range, Term, constant, subterms, variable
from symcircuits.provers.result import Counterexample
from symcircuits.publish.drawing.tikz import PREAMBLE as PICTURES
from symcircuits.publish.figures import circuit_figure, escaped, output_name, worked_examples
from symcircuits.publish.latex_terms import MARKS, RELATION_MARK, RELATIONS, Writer, term_to_latex, with_penalties
from symcircuits.publish.listing import size_line
from symcircuits.publish.replay import certificate_size
from symcircuits.publish.story import Formula, Line, Pieces, Statement, Story, equation, tell, tell_refutation
from symcircuits.publish.words import left_out

__all__ = ["circuit_page", "counterexample_page", "term_to_latex", "theorem_page"]

LINES, NAMES, DEPTH, STATEMENT = 60, 30, 8, 3000

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[a4paper,hmargin=28mm,vmargin=22mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\newtheorem*{theorem}{Theorem}
\theoremstyle{definition}
\newtheorem*{claim}{Claim}
\newtheorem*{refutation}{Refutation}
% lines break only where a penalty allows it, before an operator
\binoppenalty=10000 \relpenalty=10000
\newcommand{\proofline}[3]{{\leftskip=#1em\hangindent=2em\hangafter=1\noindent
  \if\relax\detokenize{#2}\relax\else\textit{#2.}\quad\fi#3\par}}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 1pt}
\pagestyle{plain}
\begin{document}\raggedright
"""
TITLE = r"{\Large\bfseries %s}\hfill{\small\sffamily %s}\par\vspace{2pt}\hrule\vspace{8pt}" + "\n"
CONVENTION = (
    r"Throughout, $\operatorname{relu}(u)=\max(0,u)$; so $\operatorname{relu}(u)=u$ if $u\ge 0$ and "
    r"$\operatorname{relu}(u)=0$ if $u\le 0$." + "\n"
)
NUMBERS = "A number of more than 60 digits is shown by its first and last ten digits and their number.\n"
PICTURE = r"\begin{tikzpicture}"
FORMULAS = "The certificate has in full the formulas that are too long to show here.\n"


class Page(NamedTuple):
    """What a page says: its title, a word about sizes beside it, and its body."""

    title: str
    side: str
    body: str

    def document(self) -> str:
        """The page as a document of its own."""
        pictures = PICTURES if PICTURE in self.body else ""
        head = PREAMBLE.replace("\\begin{document}", f"{pictures}\\begin{{document}}")
        return f"{head}{TITLE % (self.title, self.side)}{self.body}\\end{{document}}\n"


def theorem_page(theorem: Theorem) -> str:
    """A document with the theorem, its proof, by cases or as in its certificate, and what the kernel checked.

    >>> from symcircuits.expr.parse import parse_claim
    >>> from symcircuits.provers.prove import prove_claim
    >>> page = theorem_page(prove_claim(parse_claim("min(a, b) == b - relu(b - a)")))
    >>> print(page.split(r"\\begin{proof}")[1].split(r"\\end{proof}")[0])
    <BLANKLINE>
    \\proofline{0}{}{The sign of $a - b$ decides both sides.}
    \\proofline{0}{Case $a \\ge b$}{$\\min(a, b) = b$ and $b - \\operatorname{relu}(b - a) = b - 0 = b$.}
    \\proofline{0}{Case $a \\le b$}{$\\min(a, b) = a$ and $b - \\operatorname{relu}(b - a) = b - (b - a) = a$.\\qedhere}
    <BLANKLINE>
    """
    story, writer = tell(theorem, LINES), Writer(theorem.claim.sides(), share=True)
    lines = [_line(line, writer) for line in story.lines]
    lines += [rf"\proofline{{0}}{{}}{{{left_out(story)}}}"] if story.untold else []
    statement = f"\\begin{{theorem}}\n{_statement(theorem.claim, writer)}\n\\end{{theorem}}\n"
    proof = "\\begin{proof}\n" + "\n".join(lines).removesuffix("}") + "\\qedhere}\n\\end{proof}\n"
    names = len(theorem.claim.variables())
    side = "without variables" if not names else "one variable" if names == 1 else f"{names} variables"
    closing = _checked(theorem)
    return _page(_title(theorem), side, theorem.claim, story, statement + proof + closing, writer).document()


def circuit_page(
    theorem: Theorem, circuit: Circuit, title: str, place: int = 1, examples: Sequence[Example] = ()
) -> Page:
    """A page about one output of a circuit: what it computes, the drawing beside the weights, the proof, examples.

    >>> from symcircuits.circuits.gadgets import gadget
    >>> MIN = gadget("min")
    >>> page = circuit_page(MIN.theorem, MIN.circuit, MIN.title, examples=MIN.examples).document()
    >>> page.count(r"\\begin{tikzpicture}"), r"the circuit below outputs\\ $y" in page
    (3, True)
    """
    story, claim = tell(theorem, LINES), theorem.claim
    output = variable(output_name(circuit, place))
    computed, says = Writer((claim.goal.left,), share=True), Writer((claim.goal.right, *claim.sides()[2:]))
    goal = Comparison(output, claim.goal.relation, claim.goal.right)
    is_bound = claim.goal.left not in circuit.terms
    shown = claim if is_bound else claim._replace(goal=goal)
    order = [symbol.name for symbol in (*circuit.inputs, *circuit.parameters)]
    bound = sorted(claim.variables(), key=lambda name: order.index(name) if name in order else len(order))
    words = "for the circuit below " if is_bound else "the circuit below outputs\\ "
    statement = _statement(shown, Writer(claim.sides(), share=True) if is_bound else says, words, bound)
    figure = circuit_figure(circuit)
    reading = f"${_formula(equation(output, claim.goal.left), computed)}$"
    opening = "" if is_bound else rf"\proofline{{0}}{{}}{{From the output down, {_defined(reading, computed)}}}" + "\n"
    lines = [_line(line, computed) for line in story.lines]
    lines += [rf"\proofline{{0}}{{}}{{{left_out(story)}}}"] if story.untold else []
    proof = "\\begin{proof}\n" + opening + "\n".join(lines).removesuffix("}") + "\\qedhere}\n\\end{proof}\n"
    body = f"\\begin{{theorem}}\n{statement}\n\\end{{theorem}}\n{figure}{proof}{worked_examples(circuit, examples)}"
    return _page(escaped(title), size_line(circuit), claim, story, body + _checked(theorem), computed)


def counterexample_page(counterexample: Counterexample) -> str:
    """A document with the false claim and the evaluation of both sides at the counterexample."""
    story, writer = tell_refutation(counterexample), Writer(counterexample.claim.sides(), share=True)
    lines = "\n".join(_line(line, writer) for line in story.lines).removesuffix("}")
    statement = f"\\begin{{claim}}[false]\n{_statement(counterexample.claim, writer)}\n\\end{{claim}}\n"
    body = f"{statement}\\begin{{refutation}}\\leavevmode\\par\n{lines}\\hfill$\\square$}}\n\\end{{refutation}}\n"
    title = "A refuted claim, with its counterexample"
    return _page(title, "exact arithmetic", counterexample.claim, story, body, writer).document()


def _page(title: str, side: str, claim: Claim, story: Story, body: str, writer: Writer) -> Page:
    formulas = [term for line in story.lines for piece in (*line.heading, *line.pieces) for term in _terms(piece)]
    uses_relu = any(term.kind == "relu" for term in subterms([*claim.sides(), *formulas]))
    notes = (CONVENTION if uses_relu else "") + (NUMBERS if r"\mathrm{~digits}" in body else "")
    notes += FORMULAS if writer.left_out else ""
    return Page(title, side, notes + body)


def _terms(piece: object) -> Iterable[Term]:
    return piece.terms if isinstance(piece, Formula) else piece.claim.sides() if isinstance(piece, Statement) else ()


def _title(theorem: Theorem) -> str:
    if theorem.is_vacuous:
        return "A claim about no point"
    kind = "An identity" if theorem.claim.goal.relation == "==" else "An inequality"
    return f"{kind} on a domain" if theorem.claim.where or theorem.claim.ranges else kind


def _checked(theorem: Theorem) -> str:
    """What was checked: the certificate's steps, all theorems together, and its size."""
    steps, theorems = certificate_size(theorem)
    lemmas = f", {theorems - 1} cited theorem{'s' * (theorems > 2)} among them" if theorems > 1 else ""
    size = f"{steps} step{'s' * (steps != 1)}{lemmas}, {len(theorem.certificate.encode())} bytes"
    return rf"\par\smallskip{{\footnotesize\textsf{{Machine-checked certificate:}} {size}.\par}}" + "\n"


def _statement(claim: Claim, writer: Writer, between: str = "", bound: Sequence[str] | None = None) -> str:
    """For all ..., the goal, after some words between, with its shared parts defined below.

    bound: the variables that "for all" is about, if not all of them
    """
    names = [writer.name(name) for name in (claim.variables() if bound is None else bound)]
    scope = ""
    if len(names) > NAMES:
        scope = f"For all real values of the {len(names)} variables"
    elif names:
        word = "every" if len(names) == 1 else "all"
        scope = f"For {word} ${with_penalties(f', {MARKS[0]}'.join(names))}\\in\\mathbb{{R}}$"
    conditions = [f"${_formula(formula, writer)}$" for formula in _chained(claim.where)]
    where = ", ".join([*conditions, *(_range(each, writer) for each in claim.ranges)])
    head = f"{scope or 'If'} {'with ' if scope else ''}{where}".strip() if where else scope
    goal = f"${_formula(Formula((claim.goal.left, claim.goal.right), (claim.goal.relation,)), writer)}$"
    first = f"{head},\\quad {between}{goal}" if head else f"{between}{goal}"
    return _defined(first, writer)


def _defined(first: str, writer: Writer) -> str:
    """A statement with the parts that its formulas share defined below it."""
    if not writer.definitions:
        return f"{first}."
    rest = ",\n".join(rf"\proofline{{1}}{{}}{{${name} = {with_penalties(body)}$" for name, body in writer.definitions)
    return f"{first}, where\\par\n" + rest.replace("$,\n", "$,}\n") + ".}"


def _range(each: Range, writer: Writer) -> str:
    """x in {0, 1}, or x in {-6, ..., 6} where consecutive integers are many."""
    shown = [constant(value) for value in each.values]
    many = len(shown) > 3 and ".." in str(each)
    texts = [_formula(Formula((value,), ()), writer) for value in ([shown[0], shown[-1]] if many else shown)]
    listed = r",\, \ldots,\, ".join(texts) if many else ", ".join(texts)
    return rf"${writer.name(each.name)} \in \{{{listed}\}}$"


def _chained(comparisons: Iterable[Comparison]) -> list[Formula]:
    """The comparisons, those of a chain as one formula: 0 <= x and x <= 1 become 0 <= x <= 1."""
    formulas: list[Formula] = []
    for left, relation, right in comparisons:
        last = formulas[-1] if formulas else None
        if last and last.terms[-1] == left and last.relations[-1][0] == relation[0]:
            formulas[-1] = Formula((*last.terms, right), (*last.relations, relation))
        else:
            formulas.append(Formula((left, right), (relation,)))
    return formulas


def _line(line: Line, writer: Writer) -> str:
    depth = 1.5 * min(line.depth, DEPTH)
    return rf"\proofline{{{depth:g}}}{{{_pieces(line.heading, writer)}}}{{{_pieces(line.pieces, writer)}}}"


def _pieces(pieces: Pieces, writer: Writer) -> str:
    return "".join(_piece(piece, writer) for piece in pieces)


def _piece(piece: object, writer: Writer) -> str:
    match piece:
        case str():
            return piece
        case Formula():
            return f"${_formula(piece, writer)}$"
        case Range():
            return _range(piece, writer)
        case Statement(claim):
            own = Writer(claim.sides())
            text = _statement(claim, own).removesuffix(".")
            is_long = len(text) > STATEMENT
            writer.left_out = writer.left_out or own.left_out or is_long
            return "a long statement" if is_long else text
    raise TypeError(f"no piece of a line: {piece!r}")


def _formula(formula: Formula, writer: Writer) -> str:
    first, *rest = (writer.write(term) for term in formula.terms)
    pairs = zip(formula.relations, rest, strict=True)
    return with_penalties(first + "".join(f" {RELATION_MARK}{RELATIONS[relation]} {text}" for relation, text in pairs))
