"""What each figure of a metrics document means, in words that travel with it."""

from __future__ import annotations

DEFINITIONS = {
    "error": "The map is read at every annotated cover time; the difference in reference time is "
    "divided by the annotation's local slope, so errors are in ms of the cover and every "
    "occurrence of a repeat is judged. Up to 0.5 s outside a segment a mark is extrapolated.",
    "median_ms, p90_ms": "Of the sizes of a cover's errors, an unmapped mark counting 10000 ms; "
    "then the mean over covers. pooled_median_ms and pooled_p90_ms are quantiles of the marks of "
    "all covers together, every cover weighing the same.",
    "within_25 .. within_200": "Share of marks within so many ms, unmapped marks being misses; "
    "mean over covers.",
    "wrong_beat": "Share of marks off by more than half the distance to the nearest neighbouring "
    "beat, or unmapped; mean over covers. null where the annotation does not tell how many beats "
    "pass from mark to mark (beats_per_mark).",
    "wrong_section": "Share of marks mapped more than half a beat (0.25 s where beats are "
    "unknown) outside the section of the reference that they belong to, or unmapped; mean over "
    "covers whose reference has sections.",
    "within_50_alike": "As within_50, but where the map leads into another section of the same "
    "label, the place as many beats after that section's beginning counts too; mean over covers "
    "whose reference has sections and beats.",
    "attribution": "Share of labelled cover time wrongly mapped or wrongly left out: annotated "
    "segments are song, foreign spans are not; read every 0.05 s without extrapolation.",
    "splice_f": "F-measure of segment beginnings that do not continue the segment before within "
    "0.5 s, matched within 0.5 s; over all splices of all covers.",
    "switch_within_25, switch_within_50": "Share of switches between two covers of a song, or a "
    "cover and the reference, at beats of the reference, at which the two errors differ by at "
    "most so many ms; 200 seeded draws per pair, unmapped beats fail, beats that one of the two "
    "lacks are not drawn; mean over songs, each weighing as its number of covers.",
    "failures": "A cover on which a method fails scores like an empty map: every mark is a miss. "
    "A recording that fails screening counts as judged wrongly; failed beats and sections score 0.",
    "score": "Screening score: same_recording + backing_track + performance - background; other "
    "methods have scores of their own.",
    "eer": "Rate at which false accepts equal false rejects, on straight lines between "
    "thresholds. Positives are the relations same_recording, backing_track and performance.",
    "recall_at_1_percent": "Largest recall of any threshold that accepts at most 1 % of the "
    "negatives, not interpolated; with fewer than 100 negatives that means none of them.",
    "by_negative": "The same two with the negatives of one kind alone.",
    "relation_recall": "Share of the recordings of each relation that are given it.",
    "confidence_auroc": "Probability that a cover under 80 % within 50 ms has a lower confidence "
    "than one above, ties counting half.",
    "kept_within_50": "Mean within_50 of the covers left when the tenth of lowest confidence is "
    "dropped.",
    "calibration": "Ten bins of confidence against the share that is right: covers with at least "
    "80 % within 50 ms, mapped marks within 50 ms. error is the mean gap over cases.",
    "beats": "mir_eval.beat: F-measure at 70 ms, CMLt and AMLt at 17.5 %, beats before 5 s not "
    "judged; mean over recordings.",
    "sections": "mir_eval.segment: hit rate F at 0.5 s and 3 s, the first and the last boundary "
    "included (section_inner_hr05: without them), and pairwise label F; mean over recordings.",
    "map_section_hr05, map_section_hr3, map_section_pairwise_f": "The same for covers whose "
    "sections are those that the method found in the reference, carried over by its map; gaps "
    "above 0.5 s are a section of their own, and a jump begins one; mean over covers.",
    "mir_eval": "mir_eval.alignment is not used: its mae is a median, its tolerance 0.3 s, and it "
    "needs monotone vectors of equal length.",
    "seconds": "Of one thread with nothing at hand, decoding of both recordings included; what "
    "methods share is charged to each in full. warm: all that concerns the reference alone at "
    "hand. seconds_per_minute: per minute of audio, both recordings counted.",
    "peak_mib": "Largest resident memory of a fresh process that does the longest pair, without "
    "ffmpeg's; cold_seconds is what it took, imports and compiling included.",
    "intervals": "95 %, percentiles of 1000 seeded bootstrap draws of songs and, within each, of "
    "its recordings.",
}
