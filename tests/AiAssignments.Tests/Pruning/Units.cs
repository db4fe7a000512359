using System.Runtime.InteropServices;
using AiAssignments.Onnx;
using Google.Protobuf;

namespace AiAssignments.Tests.Pruning;

/// <summary>Units of a group as a test knows them: weights by name, with the axis that the units lie on.</summary>
internal sealed record Units(int Count, int[] Gone, (string Weight, int Axis)[] Makes, (string Weight, int Axis)[] Takes)
{
    /// <summary>Makes the units that are to go the least important ones: their weights a tenth.</summary>
    public void Weaken(ModelProto model)
    {
        foreach (var (weight, axis) in Makes)
        {
            Scale(model, weight, axis, 0.1f);
        }
    }

    /// <summary>Sets to zero what the units are multiplied by: the definition of a unit that is not there.</summary>
    public void Silence(ModelProto model)
    {
        foreach (var (weight, axis) in Takes)
        {
            Scale(model, weight, axis, 0);
        }
    }

    private void Scale(ModelProto model, string name, int axis, float factor)
    {
        var tensor = model.Graph.Initializer.Single(tensor => tensor.Name == name);
        var values = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
        var each = tensor.Dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        var run = tensor.Dims[axis] / Count;
        Assert.Equal(0, tensor.Dims[axis] % Count);
        for (var at = 0; at < values.Length; at++)
        {
            if (Gone.Contains((int)(at / each % tensor.Dims[axis] / run)))
            {
                values[at] *= factor;
            }
        }

        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
