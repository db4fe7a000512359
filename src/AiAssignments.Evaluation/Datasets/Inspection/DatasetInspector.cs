using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Labels;
using HdrHistogram;

namespace AiAssignments.Evaluation.Datasets.Inspection;

/// <summary>Reads a dataset through once and says what is in it. Memory does not grow with it.</summary>
public static class DatasetInspector
{
    private const int ShardRecords = 65_536;
    private const int MaxErrors = 20;
    private const int MaxSamples = 3;

    /// <summary>Recognizes, plans and reads the dataset.</summary>
    /// <param name="staged">The staged (uncompressed) dataset.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ProblemException">It is not recognized, is empty, or cannot be read as a whole.</exception>
    public static async Task<DatasetInspection> InspectAsync(IDataSource staged, DatasetOptions options, CancellationToken cancellationToken)
    {
        var (format, description) = await DatasetFormats.DetectAsync(staged, options, cancellationToken).ConfigureAwait(false);
        var plan = await format.PlanAsync(staged, description, ShardRecords, null, cancellationToken).ConfigureAwait(false);
        var findings = new Findings();
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(staged, description, shard, cancellationToken).ConfigureAwait(false))
            {
                findings.Add(batch);
            }
        }

        return findings.ToInspection(description, plan.RecordCount);
    }

    private sealed class Findings
    {
        private readonly LabelScan labels = new();
        private readonly LongHistogram lengths = new(1, 1L << 40, 2);
        private readonly Dictionary<string, long> errorCounts = [];
        private readonly List<RecordError> errors = [];
        private readonly List<DatasetRecord> samples = [];
        private Problem? labelProblem;
        private long bad;
        private long count;
        private long sum;
        private long min = long.MaxValue;
        private long max;

        public void Add(RecordBatch batch)
        {
            errors.AddRange(batch.Errors.Take(MaxErrors - errors.Count));
            samples.AddRange(batch.Records.Take(MaxSamples - samples.Count));
            bad += batch.Errors.Count;
            foreach (var error in batch.Errors)
            {
                errorCounts[error.Code] = errorCounts.GetValueOrDefault(error.Code) + 1;
            }

            foreach (var record in batch.Records)
            {
                var length = LengthOf(record);
                lengths.RecordValue(length);
                count++;
                sum += length;
                min = Math.Min(min, length);
                max = Math.Max(max, length);
            }

            try
            {
                if (labelProblem is null)
                {
                    labels.Add(batch);
                }
            }
            catch (ProblemException problem)
            {
                // The rest of what was found is still worth telling.
                labelProblem = problem.Problem;
            }
        }

        public DatasetInspection ToInspection(DatasetDescription description, long records)
        {
            var counts = labels.ToCounts(complete: true);
            return new DatasetInspection
            {
                Description = description,
                RecordCount = records,
                BadRecordCount = bad,
                UnlabelledCount = counts.Unlabelled,
                LabelCounts = labelProblem is null ? [.. counts.Counts.OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal)] : [],
                LabelProblem = labelProblem,
                Lengths = count == 0 ? null : new LengthStatistics(
                    Unit(description.Task), count, min, (double)sum / count, Percentile(50), Percentile(95), max),
                ErrorCounts = errorCounts,
                FirstErrors = errors,
                Samples = samples,
            };
        }

        private long Percentile(double percent) => Math.Clamp(lengths.GetValueAtPercentile(percent), min, max);

        private static long LengthOf(DatasetRecord record) => record switch
        {
            TextRecord text => text.Text.Length + (text.Pair?.Length ?? 0),
            WordsRecord words => words.Words.Count,
            ImageRecord image => image.Content.Length,
            _ => 0,
        };

        private static string Unit(ModelTask task) => task switch
        {
            ModelTask.TextClassification => "characters",
            ModelTask.TokenClassification => "words",
            _ => "bytes",
        };
    }
}
