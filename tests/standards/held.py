"""The first table of docs/standards.md: each standard, where it stands in the code, and what holds it."""

# what it is about; its modules; tests that turn red where that is not so (paths below tests/)
HELD: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "GB/T 39046 政务服务事项: elements, codes, code lists",
        ("standards.items",),
        (
            "standards/test_check.py::TestWholeItem::test_lacks_each_element_that_is_taken_away",
            "standards/test_codes.py::TestTaskCode::test_refuses_every_change_of_one_character_by_the_part_that_holds_it",
            "standards/test_columns.py::TestColumns::test_write_what_the_standard_asks_for",
        ),
    ),
    (
        "its elements, a group a module",
        ("standards.items.elements",),
        (
            "standards/test_elements.py::TestElement::test_refuses_what_is_wrong_by_its_name",
            "standards/test_elements.py::TestElement::test_is_missed_where_it_is_needed",
        ),
    ),
    (
        "files of items: Excel, JSON, 国家交换库",
        ("standards.items.exchange",),
        (
            "standards/test_exchange_tables.py::TestRoundTrip::test_gives_back_every_item_of_the_base_list",
            "standards/test_exchange_json.py::TestRoundTrip::test_gives_back_every_item_of_the_base_list",
            "standards/test_exchange_national.py::TestDocument::test_has_the_nations_tables_and_codes",
        ),
    ),
    (
        "业务办理项: what counts for one of them",
        ("standards.items.handling",),
        (
            "standards/test_layers.py::TestHandlingItem::test_says_what_the_item_says_where_it_is_silent_and_its_own_where_it_is_not",
        ),
    ),
    (
        "情形: questions, paths and what they choose",
        ("standards.items.situations",),
        ("standards/test_layers.py::TestSituations::test_lead_every_combination_of_answers_to_exactly_one_guide",),
    ),
    (
        "事项运行流程图",
        ("standards.items.flowchart",),
        (
            "standards/test_flowchart.py::TestBaseList::test_is_drawn_whole",
            "standards/test_flowchart.py::TestDraw::test_says_every_step_with_all_its_cells",
        ),
    ),
    (
        "空白表格和示例样表, as far as they follow from a guide",
        ("standards.items.forms",),
        (
            "tenants/services/test_made_forms.py::TestForms::test_are_known_by_their_names",
            "tenants/services/test_made_forms.py::TestForms::test_are_offered_with_the_hall_on_them_and_true_to_the_guide",
        ),
    ),
    (
        "体检: repealed and renamed laws, levels, types, repeated texts",
        ("standards.items.audit",),
        (
            "standards/test_audit.py::TestAudit::test_finds_a_fault",
            "standards/test_audit.py::TestAudit::test_says_what_took_the_place_of_a_law_and_when",
        ),
    ),
    (
        "告知承诺、容缺受理、跨省通办、中介服务: lists of items",
        ("standards.items.features",),
        ("tenants/services/test_features.py::TestFeatures::test_are_read_from_the_item_and_its_handling_items",),
    ),
    (
        "cases in 国家交换库 (up_pro_*), with codes of GB/T 39046: 申请与受理、材料、过程、特别程序、办结、满意度",
        ("standards.cases",),
        (
            "standards/test_cases.py::TestSchemas::test_refuse_each_wrong_column_by_its_place_and_in_both_formats",
            "tenants/casework/test_exchange.py::TestRecord::test_says_what_was_applied_for_done_and_decided",
            "tenants/ratings/test_records.py::TestRatedRecord::test_says_how_once_somebody_has_rated_and_the_feed_tells_it_again",
        ),
    ),
    (
        "GB 11643 居民身份证号",
        ("standards.numbers.residents",),
        ("standards/test_residents.py::TestBirthdayOf::test_refuses_a_wrong_check_digit_and_a_birthday_to_come",),
    ),
    (
        "GB 32100 统一社会信用代码",
        ("standards.numbers.credit_codes",),
        ("standards/test_codes.py::TestBodyCode::test_refuses_every_change_of_one_character",),
    ),
    (
        "GB/T 36904 电子证照类型代码",
        ("standards.numbers.licences",),
        ("standards/test_codes.py::TestLicenceCode::test_names_the_part_that_is_wrong",),
    ),
    (
        "GB/T 2260, GB/T 10114 区划代码",
        ("standards.numbers.divisions",),
        (
            "standards/test_divisions.py::TestDivisionCode::test_says_where_it_stands",
            "standards/test_divisions.py::TestDivisionCode::test_is_refused_in_plain_words",
        ),
    ),
    (
        "手机号、固话",
        ("standards.numbers.phones",),
        (
            "standards/test_phones.py::TestMobile::test_has_eleven_digits_from_13_to_19",
            "standards/test_phones.py::TestPhone::test_of_a_service_may_be_several_with_extensions",
        ),
    ),
    (
        "正确填写票据和结算凭证的基本规定: 大写金额",
        ("standards.numbers.amounts",),
        ("standards/test_amounts.py::TestAmountInWords::test_writes_as_the_rules_do",),
    ),
    (
        "codes of segments, for those above",
        ("standards.numbers.segments",),
        ("standards/test_codes.py::TestLocalRule::test_takes_a_code_apart",),
    ),
    (
        "全国年节及纪念日放假办法、国务院办公厅每年的放假通知: 工作日",
        (
            "standards.workdays",
            "province.workdays",
        ),
        (
            "standards/test_workdays.py::TestIsWorkday::test_knows_holidays_and_make_up_days",
            "standards/test_notices.py::TestReadNotice::test_understands_the_state_councils_own",
        ),
    ),
    (
        "民法典 art. 201–203, 行政许可法 art. 82: 期限",
        ("standards.workdays.limits",),
        (
            "standards/test_limits_of_time.py::TestExamples::test_end_on_the_day_that_another_program_found",
            "standards/test_limits_of_time.py::TestDueOf::test_is_what_the_law_says",
        ),
    ),
    (
        "forms, by no standard (decision 52): their definition",
        ("standards.forms",),
        ("standards/test_form_definitions.py::TestDefinition::test_is_refused_with_the_place_and_what_to_do",),
    ),
    (
        "types of fields, among them GB/T 9704 发文字号 and DA/T 13 档号",
        ("standards.forms.fields",),
        (
            "standards/test_form_fields.py::TestFieldTypes::test_read_show_and_read_again_what_was_shown",
            "standards/test_form_fields.py::TestFieldTypes::test_refuse_what_is_wrong_by_the_field_s_name_and_say_what_to_do",
        ),
    ),
    (
        "conditions and computed values",
        ("standards.forms.expressions",),
        (
            "standards/test_form_expressions.py::TestExpression::test_is_worked_out_exactly",
            "standards/test_form_expressions.py::TestExpression::test_runs_no_code_whatever_is_tried",
        ),
    ),
    (
        (
            "documents of a hall, by a template of the hall's, the province's or the platform's: 发文字号 "
            "of GB/T 9704, notices by 行政许可法 (decisions 66, 99)"
        ),
        ("standards.documents",),
        (
            "standards/test_documents.py::TestNumberRule::test_gives_numbers_that_no_other_year_or_order_has",
            "standards/test_documents.py::TestStatedKinds::test_of_refusals_name_reasons_basis_and_both_remedies",
        ),
    ),
    (
        "flows, as far as a hall needs BPMN 2.0 (decision 56)",
        ("standards.flows",),
        (
            "standards/test_flow_checks.py::TestReadFlow::test_refuses_by_place_and_in_chinese",
            "standards/test_running_flows.py::TestBranches::test_join_waits_for_all_of_a_fork_and_for_those_that_were_taken",
        ),
    ),
    (
        "BPMN 2.0 (OMG formal/2013-12-09) itself, read and written",
        ("standards.flows.bpmn",),
        (
            "standards/test_flow_bpmn.py::TestOurs::test_is_read_as_it_was_written",
            "standards/test_flow_bpmn.py::TestOthers::test_camunda_opens",
            "standards/test_flow_bpmn.py::TestOthers::test_what_there_is_not_here_is_refused_by_its_name",
        ),
    ),
    (
        "what of a form and a flow every hall can work by (decision 100)",
        ("standards.forms.sharing", "standards.flows.sharing"),
        (
            "standards/test_sharing.py::TestForm::test_names_forms_items_and_roles_of_one_hall",
            "standards/test_sharing.py::TestFlow::test_names_people_and_roles_of_one_hall_wherever_they_stand",
        ),
    ),
    (
        "what a flow lacks to be published",
        ("standards.flows.checks",),
        ("standards/test_flow_checks.py::TestCheckFlow::test_names_each_fault_by_its_place",),
    ),
)
