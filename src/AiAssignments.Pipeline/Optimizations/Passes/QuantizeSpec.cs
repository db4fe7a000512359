using System.Globalization;
using AiAssignments.Core.Models;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>Fewer bits a weight.</summary>
public sealed record QuantizeSpec : PassSpec
{
    private const double UsualPercentile = 99.99;

    /// <summary>
    /// <c>dynamic-int8</c> (default): int8 weights, activations quantized as they come, for models of matrix products. <c>static-int8</c>: both, by calibration, for
    /// convolutional models. <c>float16</c>, for GPUs. <c>int4</c>: weights only, for size.
    /// </summary>
    public string Mode { get; init; } = "dynamic-int8";

    /// <summary>int8: a scale for each output channel instead of one for each tensor. Default <c>true</c>.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary><c>dynamic-int8</c> and <c>int4</c>: weights stand around zero. <c>false</c>: with a zero point (uint8, which ONNX Runtime multiplies more slowly). Default <c>true</c>.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>int8: 7-bit weights against saturation on processors without VNNI: <c>auto</c> (default; where this machine needs it), <c>on</c>, <c>off</c>.</summary>
    public string ReducedRange { get; init; } = "auto";

    /// <summary>Weights of a block that share a scale, for <c>int4</c>: 16, 32 (default), 64, 128 or 256.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>Only these nodes, by name; <c>*</c> stands for any characters, <c>?</c> for one. Empty (default): all that the pass knows. At most 1,000.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Nodes to leave in float, by name; <c>*</c> stands for any characters, <c>?</c> for one. At most 1,000.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary><c>static-int8</c>: leave first layers in float, those that no other layer feeds. Default <c>false</c>.</summary>
    public bool KeepFirst { get; init; }

    /// <summary><c>static-int8</c>: leave last layers in float, those that feed no other. Default <c>false</c>.</summary>
    public bool KeepLast { get; init; }

    /// <summary><c>dynamic-int8</c> and <c>int4</c>: leave embedding tables in float. Default <c>false</c>.</summary>
    public bool KeepEmbeddings { get; init; }

    /// <summary>
    /// Leave the layers that hurt most in float, twice as many with each attempt, until the gate is met. What hurts is measured on
    /// <see cref="CalibrationDatasetId"/>. Default <c>false</c>.
    /// </summary>
    public bool Auto { get; init; }

    /// <summary>Id of the dataset whose inputs calibrate; its labels are not looked at. Needed by <c>static-int8</c> and <see cref="Auto"/>.</summary>
    public string? CalibrationDatasetId { get; init; }

    /// <summary><c>static-int8</c>: how ranges follow from what was seen: <c>min-max</c> (default), <c>moving-average</c>, <c>entropy</c> or <c>percentile</c>.</summary>
    public string Calibration { get; init; } = "min-max";

    /// <summary>Share of values inside the range for <c>percentile</c>, above 50 and at most 100. Default 99.99.</summary>
    public double CalibrationPercentile { get; init; } = UsualPercentile;

    /// <summary>Records that calibrate, 1..10,000: the first of the dataset. Default 256.</summary>
    public int CalibrationRecords { get; init; } = 256;

    internal override string Kind => "quantize";

    internal override string? OwnDatasetId => CalibrationDatasetId;

    internal override string Describe()
    {
        var options = new List<string>();
        if (Mode is "dynamic-int8" or "static-int8")
        {
            options.Add(PerChannel ? "per-channel" : "per-tensor");
            options.Add($"reduced-range={ReducedRange}");
        }

        Add(!Symmetric, "asymmetric");
        Add(Mode == "int4", $"block={BlockSize}");
        Add(Mode == "static-int8", string.Create(CultureInfo.InvariantCulture, $"calibration={Calibration}{(Calibration == "percentile" ? $"-{CalibrationPercentile}" : string.Empty)}"));
        Add(CalibrationDatasetId is not null, string.Create(CultureInfo.InvariantCulture, $"calibrated-on={CalibrationDatasetId}:{CalibrationRecords}"));
        Add(KeepFirst, "keep-first");
        Add(KeepLast, "keep-last");
        Add(KeepEmbeddings, "keep-embeddings");
        Add(Auto, "auto");
        Add(Include.Count > 0, $"include={string.Join('|', Include)}");
        Add(Exclude.Count > 0, $"exclude={string.Join('|', Exclude)}");
        return string.Join(' ', options);

        void Add(bool holds, string option)
        {
            if (holds)
            {
                options.Add(option);
            }
        }
    }

    internal override void Check(ModelTask task)
    {
        SpecCheck.OneOf(Mode, "mode", "dynamic-int8", "static-int8", "float16", "int4");
        SpecCheck.OneOf(ReducedRange, "reducedRange", "auto", "on", "off");
        SpecCheck.OneOf(Calibration, "calibration", "min-max", "moving-average", "entropy", "percentile");
        SpecCheck.Within(BlockSize is 16 or 32 or 64 or 128 or 256, "blockSize", BlockSize, "16, 32, 64, 128 or 256");
        SpecCheck.Within(CalibrationRecords is >= 1 and <= 10_000, "calibrationRecords", CalibrationRecords, "1 to 10,000");
        SpecCheck.Within(CalibrationPercentile is > 50 and <= 100, "calibrationPercentile", CalibrationPercentile, "above 50 and at most 100");
        SpecCheck.Patterns(Include, "include");
        SpecCheck.Patterns(Exclude, "exclude");
        var isInt8 = Mode is "dynamic-int8" or "static-int8";
        var hasTables = Mode is "dynamic-int8" or "int4";
        SpecCheck.Only(PerChannel || isInt8, "perChannel", Mode);
        SpecCheck.Only(ReducedRange == "auto" || isInt8, "reducedRange", Mode);
        SpecCheck.Only(Symmetric || hasTables, "symmetric", Mode);
        SpecCheck.Only(!KeepEmbeddings || hasTables, "keepEmbeddings", Mode);
        SpecCheck.Only(BlockSize == 32 || Mode == "int4", "blockSize", Mode);
        SpecCheck.Only(!(KeepFirst || KeepLast) || Mode == "static-int8", "keepFirst or keepLast", Mode);
        SpecCheck.Only(Calibration == "min-max" || Mode == "static-int8", "calibration", Mode);
        SpecCheck.Only(CalibrationPercentile is UsualPercentile || Calibration == "percentile", "calibrationPercentile", $"calibration {Calibration}");
        SpecCheck.Only(CalibrationDatasetId is null || Auto || Mode == "static-int8", "A calibration dataset", $"{Mode} without auto");
        if (CalibrationDatasetId is null && (Auto || Mode == "static-int8"))
        {
            throw new Core.Errors.ProblemException(
                "option-invalid", $"{(Auto ? "Choosing layers by their sensitivity" : Mode)} needs a calibration dataset: records whose inputs are like those to come.");
        }
    }
}
