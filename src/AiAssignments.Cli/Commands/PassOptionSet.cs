using System.CommandLine;
using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Cli.Commands;

/// <summary>What a user can say about a pass. Options of another pass than the one asked for are refused.</summary>
internal sealed class PassOptionSet
{
    private readonly Option<string> pass = new("--pass") { Description = "quantize, prune or distill.", Required = true };
    private readonly Option<string?> mode = new("--mode") { Description = "quantize: dynamic-int8 (default), static-int8, float16, int4. prune: unstructured (default), per-layer, n-m, structured." };
    private readonly Option<string[]> include = new("--include") { Description = "quantize, prune: only this node, by name; * stands for any characters, ? for one. May be repeated. Default: all that the pass knows.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> exclude = new("--exclude") { Description = "quantize, prune: a node to leave alone, by name; * stands for any characters, ? for one. May be repeated.", DefaultValueFactory = _ => [] };
    private readonly Option<bool> perTensor = new("--per-tensor") { Description = "quantize to int8: one scale a tensor. Default: one a channel." };
    private readonly Option<bool> asymmetric = new("--asymmetric") { Description = "quantize to dynamic-int8 or int4: weights with a zero point. Default: around zero, which is faster." };
    private readonly Option<string?> reducedRange = new("--reduced-range") { Description = "quantize to int8: 7-bit weights against saturation without VNNI: auto (default: where this machine needs it), on, off." };
    private readonly Option<int?> blockSize = new("--block-size") { Description = "quantize to int4: weights that share a scale: 16, 32 (default), 64, 128, 256." };
    private readonly Option<bool> keepFirst = new("--keep-first") { Description = "quantize to static-int8: leave first layers in float: those that no other layer feeds." };
    private readonly Option<bool> keepLast = new("--keep-last") { Description = "quantize to static-int8: leave last layers in float: those that feed no other." };
    private readonly Option<bool> keepEmbeddings = new("--keep-embeddings") { Description = "quantize to dynamic-int8 or int4: leave embedding tables in float." };
    private readonly Option<bool> auto = new("--auto") { Description = "quantize: leave the layers that hurt most in float, twice as many with each attempt, until the gate is met. Needs --calibrate." };
    private readonly Option<string?> calibrate = new("--calibrate") { Description = "quantize to static-int8, or with --auto: the dataset whose inputs calibrate; its labels are not looked at." };
    private readonly Option<string?> calibration = new("--calibration") { Description = "quantize to static-int8: min-max (default), moving-average, entropy, percentile." };
    private readonly Option<double?> percentile = new("--calibration-percentile") { Description = "With --calibration percentile: share of values inside the range, above 50 to 100. Default 99.99." };
    private readonly Option<int?> calibrationRecords = new("--calibration-records") { Description = "quantize: records that calibrate, 1 to 10000: the first of the dataset. Default 256." };
    private readonly Option<double?> amount = new("--amount") { Description = "prune: share of the weights (structured: of heads, rows and channels), above 0 and below 1. Default 0.2." };
    private readonly Option<string?> pattern = new("--pattern") { Description = "prune n-m: weights kept and of how many (2 to 64). Default 2:4." };
    private readonly Option<bool> embeddings = new("--embeddings") { Description = "prune unstructured and per-layer: embedding tables too. Default: products and convolutions alone." };
    private readonly Option<int?> channelMultiple = new("--channel-multiple") { Description = "prune structured: round the channels that stay to a multiple of this, 1 (default) to 64; 8 or 16 suit most kernels." };
    private readonly Option<string?> train = new("--train") { Description = "distill: the dataset to learn from; not the gate's. Records without a label (empty, null or not there) count too." };
    private readonly Option<double?> temperature = new("--temperature") { Description = "distill: softens both softmaxes, 0.1 to 100. Default 3." };
    private readonly Option<double?> alpha = new("--alpha") { Description = "distill: weight of the teacher's part of the loss, 0 to 1. Default 0.5." };
    private readonly Option<int?> epochs = new("--epochs") { Description = "distill: passes over the training split at most, 1 to 1000. Default 30." };
    private readonly Option<int?> patience = new("--patience") { Description = "distill: epochs without a lower validation loss after which training stops, 1 to 1000. Default 6." };
    private readonly Option<double?> validation = new("--validation-share") { Description = "distill: share of the records that decides when to stop and which seed is kept, 0.01 to 0.5. Default 0.1." };
    private readonly Option<int?> batch = new("--batch-size") { Description = "distill: records a training step, 1 to 1024. Default 32, and 16 for images." };
    private readonly Option<double?> rate = new("--learning-rate") { Description = "distill: highest learning rate, above 0 to 1. Default 0.002." };
    private readonly Option<int?> seeds = new("--seeds") { Description = "distill: students trained, 1 to 16; the best on the validation split is kept. Default 1." };
    private readonly Option<string?> student = new("--student") { Description = "distill: tiny, small (default) or medium." };
    private readonly Option<bool> noFlip = new("--no-flip") { Description = "distill images: do not learn from mirrored copies; for digits and letters." };

    public PassOptionSet(Command command)
    {
        foreach (var option in new Option[] { pass }.Concat(Shared).Concat(Quantize).Concat(Prune).Concat(Distill))
        {
            command.Options.Add(option);
        }
    }

    private Option[] Shared => [mode, include, exclude];

    private Option[] Quantize =>
        [perTensor, asymmetric, reducedRange, blockSize, keepFirst, keepLast, keepEmbeddings, auto, calibrate, calibration, percentile, calibrationRecords];

    private Option[] Prune => [amount, pattern, embeddings, channelMultiple];

    private Option[] Distill => [train, temperature, alpha, epochs, patience, validation, batch, rate, seeds, student, noFlip];

    /// <summary>The pass that was asked for; datasets it names are registered.</summary>
    public async Task<PassSpec> ReadAsync(ParseResult parsed, EmbeddedRuntime runtime, DatasetOptions recognition, CancellationToken cancellationToken)
    {
        var kind = parsed.GetValue(pass);
        switch (kind)
        {
            case "quantize":
                Refuse(parsed, kind, [.. Prune, .. Distill]);
                return await QuantizeAsync(parsed, runtime, recognition, cancellationToken).ConfigureAwait(false);
            case "prune":
                Refuse(parsed, kind, [.. Quantize, .. Distill]);
                return PruneOf(parsed);
            case "distill":
                Refuse(parsed, kind, [.. Shared, .. Quantize, .. Prune]);
                return await DistillAsync(parsed, runtime, recognition, cancellationToken).ConfigureAwait(false);
            default:
                throw new ProblemException("option-invalid", $"--pass is '{kind}'; it must be quantize, prune or distill.");
        }
    }

    private static void Refuse(ParseResult parsed, string kind, Option[] others)
    {
        if (Array.Find(others, option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new ProblemException("option-invalid", $"{stray.Name} says nothing to --pass {kind}; leave it out.");
        }
    }

    private async Task<QuantizeSpec> QuantizeAsync(ParseResult parsed, EmbeddedRuntime runtime, DatasetOptions recognition, CancellationToken cancellationToken)
    {
        var usual = new QuantizeSpec();
        return usual with
        {
            Mode = parsed.GetValue(mode) ?? usual.Mode,
            PerChannel = !parsed.GetValue(perTensor),
            Symmetric = !parsed.GetValue(asymmetric),
            ReducedRange = parsed.GetValue(reducedRange) ?? usual.ReducedRange,
            BlockSize = parsed.GetValue(blockSize) ?? usual.BlockSize,
            Include = parsed.GetValue(include)!,
            Exclude = parsed.GetValue(exclude)!,
            KeepFirst = parsed.GetValue(keepFirst),
            KeepLast = parsed.GetValue(keepLast),
            KeepEmbeddings = parsed.GetValue(keepEmbeddings),
            Auto = parsed.GetValue(auto),
            CalibrationDatasetId = parsed.GetValue(calibrate) is { } file ? (await runtime.Datasets.RegisterAsync(file, recognition, cancellationToken).ConfigureAwait(false)).Id : null,
            Calibration = parsed.GetValue(calibration) ?? usual.Calibration,
            CalibrationPercentile = parsed.GetValue(percentile) ?? usual.CalibrationPercentile,
            CalibrationRecords = parsed.GetValue(calibrationRecords) ?? usual.CalibrationRecords,
        };
    }

    private PruneSpec PruneOf(ParseResult parsed)
    {
        var usual = new PruneSpec();
        var text = parsed.GetValue(pattern) ?? FormattableString.Invariant($"{usual.N}:{usual.M}");
        var parts = text.Split(':');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var group))
        {
            throw new ProblemException("option-invalid", $"--pattern is '{text}'; it must be like 2:4.");
        }

        return usual with
        {
            Mode = parsed.GetValue(mode) ?? usual.Mode,
            Amount = parsed.GetValue(amount) ?? usual.Amount,
            N = kept,
            M = group,
            Embeddings = parsed.GetValue(embeddings),
            ChannelMultiple = parsed.GetValue(channelMultiple) ?? usual.ChannelMultiple,
            Include = parsed.GetValue(include)!,
            Exclude = parsed.GetValue(exclude)!,
        };
    }

    private async Task<DistillSpec> DistillAsync(ParseResult parsed, EmbeddedRuntime runtime, DatasetOptions recognition, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(train) ?? throw new ProblemException("option-invalid", "--pass distill needs --train: the dataset to learn from.");
        var usual = new DistillSpec { DatasetId = (await runtime.Datasets.RegisterAsync(file, recognition, cancellationToken).ConfigureAwait(false)).Id };
        return usual with
        {
            Temperature = parsed.GetValue(temperature) ?? usual.Temperature,
            Alpha = parsed.GetValue(alpha) ?? usual.Alpha,
            Epochs = parsed.GetValue(epochs) ?? usual.Epochs,
            Patience = parsed.GetValue(patience) ?? usual.Patience,
            ValidationShare = parsed.GetValue(validation) ?? usual.ValidationShare,
            BatchSize = parsed.GetValue(batch),
            LearningRate = parsed.GetValue(rate) ?? usual.LearningRate,
            Seeds = parsed.GetValue(seeds) ?? usual.Seeds,
            Student = parsed.GetValue(student) ?? usual.Student,
            Flip = !parsed.GetValue(noFlip),
        };
    }
}
