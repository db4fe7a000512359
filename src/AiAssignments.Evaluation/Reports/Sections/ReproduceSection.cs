using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>All that is needed to get the same numbers again.</summary>
internal static class ReproduceSection
{
    public static void Write(ReportPage page, EvaluationResult result)
    {
        page.Html.Write($"<p class=\"intro\">The same model, dataset and options give the same figures to the last bit; speed and memory depend on the machine.</p>\n<pre><code>{EvaluateCommand.Of(result)}</code></pre>\n<dl class=\"rows\">\n");
        foreach (var (name, value) in Facts(result))
        {
            page.Row(name, value);
        }

        page.Html.Write($"</dl>\n");
    }

    /// <summary>Name and value of every fact, for any format. Values may be hostile text.</summary>
    public static IEnumerable<(string Name, string? Value)> Facts(EvaluationResult result)
    {
        var (model, data, machine, options) = (result.Model, result.Dataset, result.Machine, result.Options);
        yield return ("Evaluation", result.EvaluationId);
        yield return ("Model", $"{model.Name} {model.Version}, {Figures.Count(model.Parameters, "parameter")}, {Figures.Bytes(model.SizeBytes)}");
        yield return ("Model description", model.Description);
        yield return ("Model hash", model.ContentHash);
        yield return ("Dataset", $"{data.Name}, {data.Format}, {Figures.Bytes(data.SizeBytes)}");
        yield return ("Dataset hash", data.ContentHash);
        yield return ("Labels matched by", data.LabelMatch);
        yield return ("Intervals", $"{Figures.Level(options.Confidence)}; bootstrap of {Figures.Count(options.BootstrapSamples, "resample")}, seed {options.Seed}");
        yield return ("Calibration", Figures.Count(options.CalibrationBins, "bin") + " of equal width");
        yield return ("Error threshold", Figures.Percent(options.ErrorThreshold) + " of the records");
        yield return ("Abstention", options.AbstainBelow is { } threshold ? $"under {Figures.Percent(threshold)} confidence" : null);
        yield return ("Entities", result.Entities is { } entities ? $"{entities.Scheme}, {entities.Mode}" : null);
        yield return ("Shards", Figures.Count(options.ShardRecords, "record") + " each");
        yield return ("Started", Figures.Time(result.StartedAt));
        yield return ("Finished", Figures.Time(result.FinishedAt));
        yield return ("Machine", $"{machine.Processor}, {Figures.Count(machine.Cores, "logical processor")} ({machine.InstructionSets}), {Figures.Bytes(machine.MemoryBytes)}");
        yield return ("System", $"{machine.OperatingSystem}, .NET {machine.Runtime}, ONNX Runtime {machine.OnnxRuntime} on {machine.ExecutionProvider}");
        yield return ("Huge pages", machine.HugePages);
        yield return ("AI Assignments", machine.Product);
    }
}
