using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Shapes from outside: checked before anything is computed from them.</summary>
internal static class TensorShapes
{
    /// <summary>The number of elements.</summary>
    /// <exception cref="ProblemException"><c>tensor-invalid</c>: a dimension is negative, or there are more elements than any message holds.</exception>
    public static long Elements(IReadOnlyList<long> shape, ProtocolLimits limits, string where)
    {
        if (shape.Count > limits.Rank)
        {
            throw new ProblemException("tensor-invalid", $"The shape has {shape.Count} dimensions; at most {limits.Rank} are taken.", where);
        }

        long elements = 1;
        var empty = false;
        for (var i = 0; i < shape.Count; i++)
        {
            if (shape[i] < 0)
            {
                throw new ProblemException("tensor-invalid", $"Dimension {i} is {shape[i]}; a tensor's dimensions are 0 or more.", where);
            }

            // A dimension of 0 makes the tensor empty, whatever stands beside it.
            empty |= shape[i] == 0;
            var size = Math.Max(shape[i], 1);
            elements = elements > limits.BodyBytes / size ? long.MaxValue : elements * size;
        }

        if (empty)
        {
            return 0;
        }

        return elements <= limits.BodyBytes
            ? elements
            : throw new ProblemException("tensor-invalid", $"The shape [{string.Join(", ", shape)}] has more elements than the largest message ({limits.BodyBytes} bytes) holds.", where);
    }
}
