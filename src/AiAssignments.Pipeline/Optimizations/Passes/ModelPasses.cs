using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using AiAssignments.Optimization.Pruning.Structured;
using AiAssignments.Optimization.Quantization;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;
using AiAssignments.Optimization.Quantization.Sensitivity;
using AiAssignments.Optimization.Quantization.Static;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Optimizations.Calibration;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>Makes the pass that an optimization asks for.</summary>
/// <param name="datasets">Where calibration and training records come from.</param>
/// <param name="folders">Where checkpoints lie.</param>
public sealed class ModelPasses(Ingestion datasets, PassFolders folders)
{
    internal IModelPass Create(OptimizationRequest request, ModelPackage source, IReadOnlyList<string> leftAlone) => request.Pass switch
    {
        QuantizeSpec spec => new GraphModelPass(
            Quantize(spec, CalibrationOf(request, spec, source), NodesOf(spec.Include, spec.Exclude).Without(leftAlone), isPart: leftAlone.Count > 0)),
        PruneSpec spec => new GraphModelPass(Prune(spec, NodesOf(spec.Include, spec.Exclude))),
        DistillSpec spec => new DistillModelPass(spec, request, datasets, folders.Kept(request.OptimizationId)),
        _ => throw new ProblemException("option-invalid", $"There is no pass for {request.Pass.GetType().Name}."),
    };

    /// <summary>Layers that may stay in float, the one that hurts most first.</summary>
    internal async Task<IReadOnlyList<string>> RankAsync(
        OptimizationRequest request, ModelPackage source, string workFolder, IProgress<PassProgress> progress, CancellationToken cancellationToken)
    {
        var spec = (QuantizeSpec)request.Pass;
        var calibration = CalibrationOf(request, spec, source)!;
        var ranking = new SensitivityRanking(calibration, nodes => Quantize(spec, calibration, nodes with { Exclude = spec.Exclude }, isPart: true, isMeasured: true), among: NodesOf(spec.Include, spec.Exclude));
        var layers = await ranking.RankAsync(source.OnnxPath, workFolder, progress, cancellationToken).ConfigureAwait(false);
        return [.. layers.Select(layer => layer.Label)];
    }

    /// <summary>How many of the gate's records the pass looks at; <c>null</c> when it looks at none of any dataset.</summary>
    internal async Task<RecordOverlap?> OverlapAsync(OptimizationRequest request, ModelTask task, CancellationToken cancellationToken)
    {
        if (request.Pass.OwnDatasetId is not { } own)
        {
            return null;
        }

        var most = request.Pass is QuantizeSpec quantize ? quantize.CalibrationRecords : int.MaxValue;
        return await RecordOverlap.CountAsync(Records(own, most, true), Records(request.GateDatasetId, int.MaxValue, false), cancellationToken).ConfigureAwait(false);

        IAsyncEnumerable<DatasetRecord> Records(string id, int most, bool areLabelsOptional) =>
            GateRecords.ReadAsync(datasets, id, request.Options.Dataset, task, most, areLabelsOptional, cancellationToken);
    }

    private static NodeSelection NodesOf(IReadOnlyList<string> include, IReadOnlyList<string> exclude) => NodeSelection.All with { Include = include, Exclude = exclude };

    // A search for the layers to leave in float meets parts of the pass alone: what it refuses as a whole must not end the search.
    private static IGraphPass Quantize(QuantizeSpec spec, RecordCalibration? calibration, NodeSelection nodes, bool isPart, bool isMeasured = false) => spec.Mode switch
    {
        "dynamic-int8" => new DynamicInt8Pass(new DynamicInt8Options
        {
            PerChannel = spec.PerChannel,
            Symmetric = spec.Symmetric,
            ReducedRange = RangeOf(spec),
            Embeddings = !spec.KeepEmbeddings,
            Nodes = nodes,
        }),
        "static-int8" => new StaticInt8Pass(calibration!, new StaticInt8Options
        {
            PerChannel = spec.PerChannel,
            ReducedRange = RangeOf(spec),
            Calibration = spec.Calibration switch
            {
                "moving-average" => CalibrationMethod.MovingAverage,
                "entropy" => CalibrationMethod.Entropy,
                "percentile" => CalibrationMethod.Percentile,
                _ => CalibrationMethod.MinMax,
            },
            Percentile = spec.CalibrationPercentile,
            KeepFirst = spec.KeepFirst,
            KeepLast = spec.KeepLast,
            Nodes = nodes,
        }),
        "float16" => new Float16Pass(new Float16Options { Nodes = nodes }),
        _ => new FourBitPass(new FourBitOptions
        {
            BlockSize = spec.BlockSize,
            Symmetric = spec.Symmetric,
            Embeddings = !spec.KeepEmbeddings,
            TablesAlone = isPart,
            BesideFloat = isMeasured,
            Nodes = nodes,
        }),
    };

    private static IGraphPass Prune(PruneSpec spec, NodeSelection nodes) => spec.Mode switch
    {
        "n-m" => new PatternPruningPass(new PatternPruningOptions { N = spec.N, M = spec.M, Nodes = nodes }),
        "structured" => new StructuredPruningPass(new StructuredPruningOptions { Amount = spec.Amount, ChannelMultiple = spec.ChannelMultiple, Nodes = nodes }),
        _ => new MagnitudePruningPass(new MagnitudePruningOptions
        {
            Amount = spec.Amount,
            Scope = spec.Mode == "per-layer" ? PruningScope.PerLayer : PruningScope.Global,
            Embeddings = spec.Embeddings,
            Nodes = nodes,
        }),
    };

    private static ReducedRange RangeOf(QuantizeSpec spec) => spec.ReducedRange switch
    {
        "on" => ReducedRange.On,
        "off" => ReducedRange.Off,
        _ => ReducedRange.Auto,
    };

    private RecordCalibration? CalibrationOf(OptimizationRequest request, QuantizeSpec spec, ModelPackage source) =>
        spec.CalibrationDatasetId is { } id ? new(datasets, id, request.Options.Dataset, source, spec.CalibrationRecords) : null;
}
