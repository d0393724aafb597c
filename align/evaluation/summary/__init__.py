"""Rows of a metrics document -> its summary: one figure per metric, with its interval.

n_covers, n_failed, n_screened, n_beats, n_sections   how many were measured
median_ms .. attribution       means over covers of the rows' scores
pooled_median_ms, pooled_p90_ms   over all marks, every cover weighing the same
splice_f                       over all splices of all covers
switch_within_25, _50          share of switches, see `metrics.switching`
eer, recall_at_1_percent       of songs against the rest; relation_recall by true relation
confidence_auroc, kept_within_50, calibration {covers, marks}: {bins, error}
beat_f .. downbeat_amlt, section_hr05 .. section_pairwise_f   means over recordings
seconds_per_cover, warm_seconds_per_cover, seconds_per_minute
peak_mib, cold_seconds, cold_duration_s   of the longest pair in a fresh process
intervals {metric: [low, high]}   95 %, by bootstrap over songs and covers
by_kind {kind: {n, the means}}
by_negative {kind: {n, eer, recall_at_1_percent}}   all songs against this kind of negative
"""
