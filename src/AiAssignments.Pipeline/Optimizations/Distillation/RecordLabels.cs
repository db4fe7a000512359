using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Labels;
using AiAssignments.Evaluation.Metrics.Entities;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>The labels of records as indices in a student's order.</summary>
/// <param name="Indices">For each record one index, or one a word; <c>null</c> without a label.</param>
/// <param name="Unknown">For each record whether it has a label that is none of the student's: such a record is left out, as an evaluation counts it as bad.</param>
internal sealed record RecordLabels(int[]?[] Indices, bool[] Unknown)
{
    /// <summary>Matches as an evaluation does.</summary>
    /// <exception cref="Core.Errors.ProblemException"><c>labels-mismatch</c>, <c>label-map-unknown</c>, <c>labels-too-many</c>.</exception>
    public static RecordLabels Of(DistillationDataset dataset, IReadOnlyList<string> labels)
    {
        var records = dataset.Records;
        var result = new RecordLabels(new int[records.Count][], new bool[records.Count]);
        var scan = new LabelScan();
        scan.Add(new RecordBatch(records, []));
        var seen = scan.ToCounts(complete: true);
        if (seen.Counts.Count == 0)
        {
            return result;
        }

        Func<DatasetRecord, int[]?> resolve = dataset.Task == ModelTask.TokenClassification ? Tagger(dataset, labels, seen) : Classifier(dataset, labels, seen);
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i] is TextRecord { Label: not null } or ImageRecord { Label: not null } or WordsRecord { Tags: not null })
            {
                result.Indices[i] = resolve(records[i]);
                result.Unknown[i] = result.Indices[i] is null;
            }
        }

        return result;
    }

    private static Func<DatasetRecord, int[]?> Classifier(DistillationDataset dataset, IReadOnlyList<string> labels, LabelCounts seen)
    {
        var match = LabelMatcher.Match(labels, seen, dataset.LabelNames, dataset.LabelMap)!;
        return record => match.Resolve((record as TextRecord)?.Label ?? ((ImageRecord)record).Label!) is var index and >= 0 ? [index] : null;
    }

    private static Func<DatasetRecord, int[]?> Tagger(DistillationDataset dataset, IReadOnlyList<string> labels, LabelCounts seen)
    {
        var match = TagMatcher.Match(labels, seen, dataset.LabelNames, dataset.LabelMap);
        var places = labels.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i, StringComparer.Ordinal);
        var scheme = TagScheme.DetectLabels([.. labels]);
        return record =>
        {
            var tags = ((WordsRecord)record).Tags!;
            var indices = new int[tags.Count];
            var resolved = new string[tags.Count];
            for (var i = 0; i < tags.Count; i++)
            {
                if (match.Resolve(tags[i]) is not { } tag)
                {
                    return null;
                }

                resolved[i] = tag;
            }

            resolved = TagSpelling.In(scheme, EntityAccumulator.CommonTags(resolved));
            for (var i = 0; i < tags.Count; i++)
            {
                if (!places.TryGetValue(resolved[i], out indices[i]))
                {
                    return null;
                }
            }

            return indices;
        };
    }
}
