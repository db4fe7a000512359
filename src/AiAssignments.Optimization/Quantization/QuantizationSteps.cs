using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization;

/// <summary>What the quantizing passes have in common before and after their own work.</summary>
internal static class QuantizationSteps
{
    /// <summary>First operator set with DynamicQuantizeLinear, and the oldest one that the passes take.</summary>
    public const long OldestOpset = 11;

    /// <summary>Refuses models that no pass here can take, and brings the others into one form.</summary>
    /// <exception cref="ProblemException"><c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>.</exception>
    public static void Prepare(OnnxModel model, NodeSelection selection, PassReport report)
    {
        if (model.Opset < OldestOpset)
        {
            throw new ProblemException("opset-too-old", $"The model uses operator set {model.Opset}; {OldestOpset} or later is needed. Export it again with a later one.");
        }

        var index = GraphIndex.Of(model.Proto);
        QuantizedOperators.Refuse(index, model.Proto);
        var labels = index.Nodes().Select(item => item.Node.Label()).ToHashSet(StringComparer.Ordinal);
        if (selection.Unused(labels).FirstOrDefault() is { } unknown)
        {
            throw new ProblemException("unknown-node", $"No node of the graph is called '{unknown}'. Names can hold * and ?.");
        }

        if (model.DropInitializerInputs() is var listed and > 0)
        {
            report.Note($"{listed} weights stood among the inputs, as old exporters write them; they are weights only now.");
        }

        if (model.Proto.Functions.Count > 0)
        {
            report.Note($"Nodes inside of the model's {model.Proto.Functions.Count} functions were left as they are.");
        }
    }

    /// <summary>Whether weights use 7 bits on this machine.</summary>
    public static bool IsReduced(ReducedRange range) => range == ReducedRange.On || (range == ReducedRange.Auto && !InstructionSets.Here.SumsExactly);

    /// <summary>Facts about the range.</summary>
    public static void ReportRange(PassReport report, bool isReduced)
    {
        report.Fact(new PassFact("instruction-sets", InstructionSets.Here.ToString()));
        report.Fact(PassFact.Of("weight-bits", isReduced ? 7 : 8, "bits"));
        if (isReduced)
        {
            report.Note("Weights use 7 of 8 bits, so that sums of products cannot saturate on processors without VNNI.");
        }
    }

    /// <summary>Ends a pass that found nothing to do.</summary>
    /// <exception cref="ProblemException"><c>nothing-to-quantize</c>, with the reasons.</exception>
    public static void RefuseNothing(int quantized, string what, PassReport report)
    {
        if (quantized == 0)
        {
            var reasons = report.LeftCount > 0 ? $" {report.LeftCount} nodes were looked at and left: {report.Reasons()}." : string.Empty;
            throw new ProblemException("nothing-to-quantize", $"The graph has no {what} that can be quantized.{reasons}");
        }
    }

    /// <summary>Whether all numbers are finite.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(values);

    /// <summary>Elements of floating-point weights that are left in the model.</summary>
    public static long FloatsLeft(ModelProto model) =>
        TensorWalk.All(model).Where(TensorReader.IsFloating).Sum(TensorReader.Elements);
}
