"""Which tests a second pass leaves out, and why.

scripts/test runs every test once: with the release build and the Wireshark of the machine. Two more passes
are for what only they can find, and run what has a chance to find it:

- sanitize: our code with the sanitizers. What counts is what it executes, so one way to each place in it
  is enough. What runs none of it, or nothing that other tests of that pass do not run, is left out.
- suite: our code with another version of Wireshark (scripts/compat). What counts is how captures are read
  and shown. What only our own code decides, whatever version it is linked with, is left out.

    python3 -m pytest --pass=sanitize tests/blackbox

A line of a table is the name of a module, of a test, or of a test with a pattern for its parameters. Those
behind "but" run all the same. test_passes.py looks for lines that name nothing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fnmatch
from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Tests that a pass leaves out for one reason."""
    why: str
    tests: tuple
    but: tuple = ()


SECOND_PASSES = {
    "sanitize": (
        LeftOut("Pages, packages and scripts are no code that sanitizers watch; the commands in the pages "
                "are those of other tests.",
                ("test_documents", "test_packaging", "test_deployment", "test_manual", "test_passes"),
                but=("test_manual::test_help_all_has_every_line_of_help", "test_manual::test_no_other_shell")),
        LeftOut("A browser looks at the report, which test_reports, test_guard and test_wire_text have made.",
                ("test_html",)),
        LeftOut("What is compared are the values: their making is in test_records_agree_with_themselves.",
                ("test_goldens::test_records_are_the_golden_ones", "test_goldens::test_same_input_gives_same_bytes",
                 "test_goldens::test_records_come_in_frame_order", "test_reports::test_every_record_is_valid",
                 "test_independent")),
        LeftOut("tshark builds the same trees for them as for test_every_field_of_many_captures_in_both_passes.",
                ("test_tshark",),
                but=("test_tshark::test_every_field_of_many_captures_in_both_passes",
                     "test_tshark::test_pipelined_requests_are_paired")),
        LeftOut("The plugin reads the changed copies of all captures, in test_mutations, as it reads these.",
                ("test_bystanders::test_the_reading_of_our_captures",
                 "test_bystanders::test_the_reading_of_wiresharks_captures",
                 "test_requests::test_the_requests_of_all_records_are_shown")),
        LeftOut("test_reason has the same captures read, and the lines of the branch are the same loop for all.",
                ("test_unseen::test_branch_of_the_statistics",),
                but=("test_unseen::test_branch_of_the_statistics[TLS]",
                     "test_unseen::test_branch_of_the_statistics[WebSocket]")),
        LeftOut("The dissector is switched off.",
                ("test_requests::test_disabled_protocols_leave_no_trace",)),
        LeftOut("exchange/ finds these in test_har_history, all of them in one run; of what the plugin shows of "
                "it there is one of each kind.",
                ("test_history::test_the_lock_in_the_way",
                 "test_history::test_what_the_server_did_not_announce", "test_history::test_sequences"),
                but=("test_history::test_the_lock_in_the_way[itself]",
                     "test_history::test_the_lock_in_the_way[condition]",
                     "test_history::test_the_lock_in_the_way[own-token]",
                     "test_history::test_what_the_server_did_not_announce[class-1]",
                     "test_history::test_sequences[token-back]",
                     "test_history::test_sequences[no-progress]",
                     "test_history::test_sequences[same-*]")),
        LeftOut("Two things are combined; each of them runs in a combination that is not left out.",
                ("test_streams::test_codings[*-200-chunked]", "test_streams::test_codings[*-100000-length]",
                 "test_streams::test_uncommon_bodies[*-100000]", "test_streams::test_unknown_methods",
                 "test_bystanders::test_http2_on_any_port_is_as_with_decode_as",
                 "test_hostile::test_bombs_in_tshark", "test_output::test_device_that_is_full",
                 "test_output::test_file_that_outgrows_its_limit[None-*]",
                 "test_guard::test_report_of_an_earlier_run_is_replaced",
                 "test_checkpoint::test_settings_that_change_records_make_it_read_again"),
                but=("test_streams::test_unknown_methods[*-ACL]",
                     "test_bystanders::test_http2_on_any_port_is_as_with_decode_as[*-two passes]",
                     "test_hostile::test_bombs_in_tshark[gzip]",
                     "test_guard::test_report_of_an_earlier_run_is_replaced[html-*]",
                     "test_guard::test_report_of_an_earlier_run_is_replaced[tsv-*]",
                     "test_checkpoint::test_settings_that_change_records_make_it_read_again[options3]")),
        LeftOut("The same is run again and compared with itself; other tests of the pass run it once.",
                ("test_batch::test_number_of_workers_changes_nothing_with_options",
                 "test_batch::test_shards_together_are_the_whole",
                 "test_reports::test_report_equals_scan_for_every_capture",
                 "test_unseen::test_recordings_say_the_same_in_every_mode",
                 "test_live::test_memory_stays_bounded_and_nothing_is_lost[0.0]"),
                but=("test_batch::test_shards_together_are_the_whole[2]",)),
        LeftOut("What real servers and clients say is in the captures, and test_live reads pipes as it does.",
                ("test_soak",)),
    ),
    "suite": (
        LeftOut("Pages, packages, help and completions are the same text with every Wireshark.",
                ("test_documents", "test_packaging", "test_manual", "test_passes"),
                but=("test_documents::test_fields_and_preferences_exist",
                     "test_documents::test_rules_are_fields_behind_a_prefix",
                     "test_documents::test_preferences_are_all_described",
                     "test_packaging::test_the_plugin_has_that_version",
                     "test_packaging::test_the_command_has_that_version")),
        LeftOut("Reports are made of records, without Wireshark; that the records are the same is what "
                "test_goldens sees to.",
                ("test_html", "test_reports"),
                but=("test_reports::test_every_record_is_valid",
                     "test_reports::test_explain_gives_the_hints_of_tshark",
                     "test_reports::test_explain_knows_what_the_tree_knows")),
        LeftOut("HAR files are read without Wireshark.",
                ("test_har", "test_har_history", "test_contradictions::test_in_har"),
                but=("test_har::test_the_same_as_the_capture", "test_har::test_recognised_by_content",
                     "test_har::test_in_a_directory_among_captures",
                     "test_har::test_capture_through_a_pipe_is_still_one",
                     "test_har::test_har_that_wiretap_takes_for_a_capture")),
        LeftOut("Which files are read, written, kept and refused, and what is said of options, is decided "
                "before Wireshark sees a capture or after it has.",
                ("test_guard", "test_output", "test_checkpoint", "test_endings",
                 "test_batch::test_files_of_a_directory_come_in_the_order_of_their_bytes",
                 "test_batch::test_include_goes_by_name_and_leaves_named_files_alone",
                 "test_batch::test_list_of_files", "test_batch::test_shards_together_are_the_whole",
                 "test_batch::test_shards_that_are_none", "test_batch::test_numbers_that_are_none"),
                but=("test_guard::test_no_run_touches_anything_beside_its_outputs",
                     "test_output::test_checkpoint_on_a_full_disk",
                     "test_checkpoint::test_second_run_reads_nothing_and_says_the_same",
                     "test_endings::test_capture_without_a_byte",
                     "test_endings::test_end_of_a_live_capture")),
        LeftOut("The servers are those of the machine, and test_live reads pipes for as long.",
                ("test_soak",)),
        LeftOut("Records are compared once more; that they are those of every Wireshark is what test_goldens "
                "sees to.",
                ("test_independent", "test_goldens::test_same_input_gives_same_bytes")),
        LeftOut("What becomes of the others when a worker is lost is decided among our own processes.",
                ("test_batch::test_stall_costs_one_capture",
                 "test_batch::test_lost_capture_is_in_the_checkpoint_and_read_again",
                 "test_batch::test_number_of_workers_changes_nothing_with_options",
                 "test_live::test_memory_stays_bounded_and_nothing_is_lost[0.0]")),
        LeftOut("exchange/ decides, whose unit tests run here too; of what the plugin shows of it there is one of "
                "each kind.",
                ("test_history::test_the_lock_in_the_way",
                 "test_history::test_what_the_server_did_not_announce", "test_history::test_sequences"),
                but=("test_history::test_the_lock_in_the_way[itself]",
                     "test_history::test_the_lock_in_the_way[condition]",
                     "test_history::test_the_lock_in_the_way[own-token]",
                     "test_history::test_what_the_server_did_not_announce[class-1]",
                     "test_history::test_sequences[token-back]",
                     "test_history::test_sequences[no-progress]",
                     "test_history::test_sequences[same-*]")),
        LeftOut("Two things are combined; each of them runs in a combination that is not left out.",
                ("test_streams::test_codings[*-200-chunked]", "test_streams::test_codings[*-100000-length]",
                 "test_streams::test_uncommon_bodies[*-100000]",
                 "test_bystanders::test_http2_on_any_port_is_as_with_decode_as[*-one pass]")),
    ),
}


def names(line, test):
    """Does a line of a table name this test ("module::test[parameters]")?"""
    return line in (test.partition("::")[0], test.partition("[")[0]) or \
        fnmatch.fnmatchcase(test, line.replace("[", "[[]"))


def is_left_out(which, test):
    """Whether a pass leaves a test out."""
    return any(any(names(line, test) for line in entry.tests) and
               not any(names(line, test) for line in entry.but) for entry in SECOND_PASSES[which])
