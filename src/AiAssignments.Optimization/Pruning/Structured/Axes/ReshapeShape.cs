using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>The shape that a Reshape is given: a constant, or numbers and computed sizes joined by a <c>Concat</c>, as exporters write <c>x.view(n, -1, 12, 64)</c>.</summary>
internal sealed class ReshapeShape
{
    private readonly List<ShapePiece> pieces;
    private readonly List<long?> entries;
    private readonly List<int> copies;

    private ReshapeShape(List<ShapePiece> pieces)
    {
        this.pieces = pieces;
        entries = [.. pieces.SelectMany(piece => piece.Entries)];
        copies = [.. pieces.SelectMany(piece => piece.Copies is { } copy ? [copy] : Enumerable.Repeat(-1, piece.Entries.Length))];
    }

    /// <summary>Parts in their order; one where the shape is a constant.</summary>
    public IReadOnlyList<ShapePiece> Pieces => pieces;

    /// <summary>Numbers as written: -1 takes what is left, 0 copies; <c>null</c> for computed ones.</summary>
    public IReadOnlyList<long?> Entries => entries;

    /// <summary>Whether an entry is the size of the same axis before, written as 0 or computed.</summary>
    public bool IsCopy(int entry) => entries[entry] == 0 || copies[entry] == entry;

    /// <returns><c>null</c> when it is computed otherwise.</returns>
    public static ReshapeShape? Of(NodeAxes node) => Of(node.Model, node.Scope, node.Shapes, node.Node);

    /// <returns><c>null</c> when it is computed otherwise.</returns>
    public static ReshapeShape? Of(OnnxModel model, GraphScope scope, ValueShapes? shapes, NodeProto reshape)
    {
        if (scope.Find(reshape.InputOrEmpty(1)) is not { } value)
        {
            return null;
        }

        if (GraphConstants.Direct(value) is { } whole)
        {
            return new([new ShapePiece(value.Name, Numbers(model, whole))]);
        }

        if (value.Producer is not { } concat || !OnnxModel.Is(concat, "Concat"))
        {
            return null;
        }

        var pieces = new List<ShapePiece>();
        foreach (var name in concat.Input)
        {
            var part = value.Scope.Find(name);
            if (GraphConstants.Direct(part) is { } tensor)
            {
                pieces.Add(new ShapePiece(name, Numbers(model, tensor)));
            }
            else if (part is not null && Count(shapes, part) is { } count)
            {
                pieces.Add(new ShapePiece(name, new long?[count], Copied(model, part, reshape.Input[0])));
            }
            else
            {
                return null;
            }
        }

        return new(pieces);
    }

    // Without shapes, one number that was made a list can still be told.
    private static int? Count(ValueShapes? shapes, GraphValue part) =>
        shapes?[part] is [>= 0 and var count] ? count
        : part.Producer is { OpType: "Unsqueeze" } wide && part.Scope.Find(wide.Input[0]) is { Producer.OpType: "Gather" } picked
            && GraphConstants.Direct(picked.Scope.Find(picked.Producer.Input[1])) is { Dims.Count: 0 } ? 1
        : null;

    /// <summary>The axis whose size this is, where it is read from a value's own shape: <c>Unsqueeze(Gather(Shape(x), axis))</c>.</summary>
    private static int? Copied(OnnxModel model, GraphValue part, string data)
    {
        if (part.Producer is not { OpType: "Unsqueeze" } wide || part.Scope.Find(wide.Input[0])?.Producer is not { OpType: "Gather" } gather
            || part.Scope.Find(gather.Input[0])?.Producer is not { OpType: "Shape" } shape || shape.Input[0] != data || shape.Whole("start", 0) != 0)
        {
            return null;
        }

        return GraphConstants.Direct(part.Scope.Find(gather.Input[1])) is { Dims.Count: 0 } index && model.Tensors.Longs(index)[0] is >= 0 and <= int.MaxValue and var axis ? (int)axis : null;
    }

    private static long?[] Numbers(OnnxModel model, TensorProto tensor) => [.. model.Tensors.Longs(tensor).Select(number => (long?)number)];
}

/// <summary>A part of a shape.</summary>
/// <param name="Name">The value.</param>
/// <param name="Entries">Its numbers; <c>null</c> where computed.</param>
/// <param name="Copies">The axis before whose size its one entry is, where that is known.</param>
internal sealed record ShapePiece(string Name, long?[] Entries, int? Copies = null);
