using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>
/// Folds <c>BatchNormalization</c> into the convolution before it: <c>w' = w * gamma / sqrt(variance + epsilon)</c>,
/// <c>b' = (b - mean) * gamma / sqrt(variance + epsilon) + beta</c> (Ioffe and Szegedy 2015, at inference). Where the convolution's output is used otherwise
/// too, or its numbers are not constant, both stay.
/// </summary>
internal static class BatchNormalizationFolding
{
    /// <returns>Nodes folded.</returns>
    public static int Fold(OnnxModel model)
    {
        var folded = 0;
        var index = GraphIndex.Of(model.Proto);
        var names = new GraphNames(model.Proto);
        var constants = new GraphConstants(model);
        foreach (var scope in index.Scopes)
        {
            var edit = new GraphEdit(scope.Graph);
            foreach (var node in scope.Graph.Node.Where(node => OnnxModel.Is(node, "BatchNormalization")))
            {
                folded += Fold(scope, node, edit, names, constants) ? 1 : 0;
            }

            edit.Apply();
        }

        UnusedConstants.Remove(model.Proto);
        return folded;
    }

    private static bool Fold(GraphScope scope, NodeProto node, GraphEdit edit, GraphNames names, GraphConstants constants)
    {
        if (scope.Find(node.Input[0]) is not { Producer: { } convolution, IsOutput: false, Uses.Count: 1 } between || between.Scope != scope
            || !OnnxModel.Is(convolution, "Conv") || node.Whole("training_mode", 0) != 0 || node.Output.Skip(1).Any(name => name.Length > 0)
            || Floats(scope, convolution.InputOrEmpty(1), constants) is not var (weights, dims) || dims.Count < 3)
        {
            return false;
        }

        var channels = (int)dims[0];
        var bias = new float[channels];
        if (convolution.InputOrEmpty(2).Length > 0)
        {
            if (Floats(scope, convolution.Input[2], constants) is not var (given, _))
            {
                return false;
            }

            bias = given;
        }

        var parameters = Enumerable.Range(1, 4).Select(at => Floats(scope, node.InputOrEmpty(at), constants)?.Values).ToList();
        if (parameters.Any(values => values?.Length != channels) || bias.Length != channels)
        {
            return false;
        }

        var epsilon = node.Real("epsilon", 1e-5f);
        var each = channels == 0 ? 0 : weights.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var factor = parameters[0]![channel] / Math.Sqrt((double)parameters[3]![channel] + epsilon);
            bias[channel] = (float)(((bias[channel] - parameters[2]![channel]) * factor) + parameters[1]![channel]);
            foreach (ref var weight in weights.AsSpan(channel * each, each))
            {
                weight = (float)(weight * factor);
            }
        }

        if (!QuantizationSteps.IsFinite(weights) || !QuantizationSteps.IsFinite(bias))
        {
            return false;
        }

        var (weightName, biasName) = (names.Unique(convolution.Input[1] + "_folded"), names.Unique(node.Input[2] + "_folded"));
        scope.Graph.Initializer.Add(Nodes.Tensor<float>(weightName, DataType.Float, weights, dims));
        scope.Graph.Initializer.Add(Nodes.Tensor<float>(biasName, DataType.Float, bias, channels));
        var merged = convolution.Clone();

        // A node without a name is known by its output, which changes here: who excludes or ranks it goes on finding it.
        merged.Name = convolution.Name.Length > 0 ? convolution.Name : names.Unique(convolution.Label());
        merged.Input.Clear();
        merged.Input.Add([convolution.Input[0], weightName, biasName]);
        merged.Output[0] = node.Output[0];
        edit.Replace(convolution, merged);
        edit.Remove(node);
        return true;
    }

    private static (float[] Values, IReadOnlyList<long> Dims)? Floats(GraphScope scope, string name, GraphConstants constants) =>
        GraphConstants.Find(scope.Find(name)) is { ElementType: DataType.Float } constant && TensorReader.IsFloating(constant.Tensor)
            ? (constants.Floats(constant), constant.Dims)
            : null;
}
