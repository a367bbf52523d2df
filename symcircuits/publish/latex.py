"""Theorems and counterexamples as pages of LaTeX that compile by themselves with pdflatex."""

from __future__ import annotations

from collections.abc import Iterable

from symcircuits.kernel.check import Theorem
from symcircuits.kernel.term import Claim, Comparison, Range, Term, constant, subterms
from symcircuits.provers.result import Counterexample
from symcircuits.publish.latex_terms import MARKS, RELATION_MARK, RELATIONS, Writer, term_to_latex, with_penalties
from symcircuits.publish.replay import certificate_size
from symcircuits.publish.story import Formula, Line, Pieces, Statement, Story, tell, tell_refutation
from symcircuits.publish.words import left_out

__all__ = ["counterexample_page", "term_to_latex", "theorem_page"]

LINES, NAMES, DEPTH = 60, 30, 8

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
FORMULAS = "The certificate has in full the formulas that are too long to show here.\n"


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
    return _page(_title(theorem), side, theorem.claim, story, statement + proof + closing, writer)


def counterexample_page(counterexample: Counterexample) -> str:
    """A document with the false claim and the evaluation of both sides at the counterexample."""
    story, writer = tell_refutation(counterexample), Writer(counterexample.claim.sides(), share=True)
    lines = "\n".join(_line(line, writer) for line in story.lines).removesuffix("}")
    statement = f"\\begin{{claim}}[false]\n{_statement(counterexample.claim, writer)}\n\\end{{claim}}\n"
    body = f"{statement}\\begin{{refutation}}\\leavevmode\\par\n{lines}\\hfill$\\square$}}\n\\end{{refutation}}\n"
    title = "A refuted claim, with its counterexample"
    return _page(title, "exact arithmetic", counterexample.claim, story, body, writer)


def _page(title: str, side: str, claim: Claim, story: Story, body: str, writer: Writer) -> str:
    formulas = [term for line in story.lines for piece in (*line.heading, *line.pieces) for term in _terms(piece)]
    uses_relu = any(term.kind == "relu" for term in subterms([*claim.sides(), *formulas]))
    notes = (CONVENTION if uses_relu else "") + (NUMBERS if r"\mathrm{~digits}" in body else "")
    notes += FORMULAS if writer.left_out else ""
    return PREAMBLE + TITLE % (title, side) + notes + body + "\\end{document}\n"


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


def _statement(claim: Claim, writer: Writer) -> str:
    """For all ..., the goal, with its shared parts defined below."""
    names = [writer.name(name) for name in claim.variables()]
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
    first = f"{head},\\quad {goal}" if head else goal
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
            writer.left_out = writer.left_out or own.left_out
            return text
    raise TypeError(f"no piece of a line: {piece!r}")


def _formula(formula: Formula, writer: Writer) -> str:
    first, *rest = (writer.write(term) for term in formula.terms)
    pairs = zip(formula.relations, rest, strict=True)
    return with_penalties(first + "".join(f" {RELATION_MARK}{RELATIONS[relation]} {text}" for relation, text in pairs))
