using System.Globalization;
using System.Text;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>The command line that repeats an evaluation.</summary>
public static class EvaluateCommand
{
    /// <summary>
    /// <c>aia evaluate --model NAME@VERSION --dataset FILE --out FOLDER</c> and every option that is not at its default, quoted for a POSIX shell.
    /// Option names are those of <see cref="EvaluationOptions"/> and <see cref="Core.Datasets.DatasetOptions"/> in kebab-case (<c>--bootstrap-samples</c>, <c>--label-column</c>); lists repeat the option in the singular (<c>--slice-column</c>, <c>--label-map FROM=TO</c>).
    /// </summary>
    /// <param name="result">The evaluation.</param>
    public static string Of(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var command = new StringBuilder("aia evaluate");
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                command.Append(" --").Append(name).Append(' ').Append(Quote(value));
            }
        }

        void Changed<T>(string name, T value, T standard)
        {
            if (!EqualityComparer<T>.Default.Equals(value, standard))
            {
                Add(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            }
        }

        var (options, standard, data) = (result.Options, EvaluationOptions.Default, result.Options.Dataset);
        Add("model", $"{result.Model.Name}@{result.Model.Version}");
        Add("dataset", result.Dataset.Name);
        Add("out", "reports");
        Add("format", data.Format);
        Add("task", data.Task?.Name());
        Add("delimiter", data.Delimiter?.ToString());
        Add("header", data.Header is { } header ? (header ? "true" : "false") : null);
        Add("input-column", data.InputColumn);
        Add("pair-column", data.PairColumn);
        Add("label-column", data.LabelColumn);
        foreach (var column in data.SliceColumns)
        {
            Add("slice-column", column);
        }

        foreach (var (from, to) in (data.LabelMap ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add("label-map", $"{from}={to}");
        }

        Changed("error-threshold", options.ErrorThreshold, standard.ErrorThreshold);
        Changed("confidence", options.Confidence, standard.Confidence);
        Changed("bootstrap-samples", options.BootstrapSamples, standard.BootstrapSamples);
        Changed("seed", options.Seed, standard.Seed);
        Add("abstain-below", options.AbstainBelow?.ToString(CultureInfo.InvariantCulture));
        Changed("calibration-bins", options.CalibrationBins, standard.CalibrationBins);
        Add("tag-scheme", options.TagScheme);
        Changed("entity-mode", options.EntityMode, standard.EntityMode);
        Changed("shard-records", options.ShardRecords, standard.ShardRecords);
        Changed("mistakes-kept", options.MistakesKept, standard.MistakesKept);
        return command.ToString();
    }

    // Single quotes take everything as it is, but a single quote itself.
    private static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "-_./@:=,+".Contains(c, StringComparison.Ordinal))
            ? value
            : "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
