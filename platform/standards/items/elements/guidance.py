"""How it goes, step by step; what people ask; under which words they look for it."""

from standards.items.codelists import APPLIED, DONE, LimitUnit
from standards.items.kinds import Bound, Element, Filler, Kind, NationalColumn, Section, Table
from standards.items.themes import LIFE_EVENTS, BodyTheme, PersonTheme

STEP_CELLS = (
    Element(name="act", label="环节", needed=DONE, most=50, section=Section.STEPS, plain="做什么"),
    Element(name="position", label="办理岗位", needed=DONE, most=50, section=Section.STEPS, plain="谁来做"),
    Element(
        name="days",
        label="环节时限",
        kind=Kind.NUMBER,
        needed=DONE,
        least=0,
        most=3650,
        unit_in="unit",
        section=Section.STEPS,
        plain="多久",
    ),
    Element(
        name="unit",
        label="环节时限单位",
        kind=Kind.CHOICE,
        codes=LimitUnit,
        needed=DONE,
        section=Section.STEPS,
    ),
    Element(name="material", label="环节材料", most=400, section=Section.STEPS, plain="用到什么"),
    Element(name="standard", label="审查标准", most=400, section=Section.STEPS, plain="看什么"),
)

# a step of the province's flow as this hall does it; what it does not say is the province's
HALL_STEP_CELLS = (
    Element(name="act", label="环节", needed=DONE, most=50, source="本平台"),
    Element(name="code", label="只用于业务办理项", most=2, source="本平台"),
    Element(name="position", label="本厅的办理岗位", most=50, source="本平台"),
    Element(name="days", label="本厅的环节时限", kind=Kind.NUMBER, least=0, most=3650, unit_in="unit", source="本平台"),
    Element(name="unit", label="本厅的环节时限单位", kind=Kind.CHOICE, codes=LimitUnit, source="本平台"),
)

QUESTION_CELLS = (
    Element(
        name="question",
        label="问题",
        needed=DONE,
        most=200,
        column=NationalColumn(Table.QUESTION, "question"),
        section=Section.QUESTIONS,
    ),
    Element(
        name="answer",
        label="解答",
        kind=Kind.TEXT,
        needed=DONE,
        most=2000,
        column=NationalColumn(Table.QUESTION, "answer"),
        section=Section.QUESTIONS,
    ),
)

GUIDANCE = (
    Element(
        name="flow",
        label="办理流程",
        kind=Kind.ROWS,
        cells=STEP_CELLS,
        applies=APPLIED,
        needed=APPLIED,
        most=30,
        column=NationalColumn(Table.BASIC, "handle_flow"),
        section=Section.STEPS,
        plain="办理步骤",
    ),
    Element(
        name="hall_steps",
        label="本厅的办理环节",
        kind=Kind.ROWS,
        cells=HALL_STEP_CELLS,
        by=Filler.HALL,
        applies=APPLIED,
        most=60,
        source="本平台",
    ),
    Element(
        name="questions",
        label="常见问题",
        kind=Kind.ROWS,
        cells=QUESTION_CELLS,
        by=Filler.BOTH,
        bound=Bound.MAY_ADD,
        applies=DONE,
        needed=APPLIED,
        most=50,
        section=Section.QUESTIONS,
    ),
    Element(
        name="person_themes",
        label="面向自然人的主题",
        kind=Kind.CHOICES,
        codes=PersonTheme,
        applies=APPLIED,
        column=NationalColumn(Table.EXTEND, "user_topic_type"),
        section=Section.BASICS,
    ),
    Element(
        name="body_themes",
        label="面向法人的主题",
        kind=Kind.CHOICES,
        codes=BodyTheme,
        applies=APPLIED,
        column=NationalColumn(Table.EXTEND, "corp_topic_type"),
        section=Section.BASICS,
    ),
    Element(
        name="life_events",
        label="所属“一件事”",
        kind=Kind.CHOICES,
        codes=LIFE_EVENTS,
        applies=APPLIED,
        section=Section.BASICS,
        plain="可以和哪些事一起办",
        source="国办发〔2022〕32号",
    ),
)
