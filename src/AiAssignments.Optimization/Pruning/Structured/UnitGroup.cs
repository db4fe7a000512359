using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>
/// Everything that has to change when units leave: a connected part of the graph along one axis of its values. On every axis here, a unit is a run of
/// <c>size / Units</c> neighbours.
/// </summary>
internal sealed class UnitGroup
{
    /// <summary>How many units there are.</summary>
    public required int Units { get; init; }

    /// <summary>Label of the first node that makes them.</summary>
    public required string Label { get; init; }

    public required UnitKind Kind { get; init; }

    /// <summary>Constants that the units are cut out of.</summary>
    public required IReadOnlyList<UnitSlot> Slots { get; init; }

    /// <summary>Shapes in which the units are counted.</summary>
    public required IReadOnlyList<UnitCount> Counts { get; init; }

    /// <summary>Depthwise convolutions, whose groups are the units.</summary>
    public required IReadOnlyList<NodeProto> Depthwise { get; init; }

    /// <summary>Values whose shape changes.</summary>
    public required IReadOnlyCollection<GraphValue> Values { get; init; }
}

/// <summary>An axis of a constant input that a group's units lie on.</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">Which of its inputs.</param>
/// <param name="Constant">What is bound to it.</param>
/// <param name="Axis">Axis of the value, as the node sees it.</param>
/// <param name="Role">What the constant does with the units.</param>
internal sealed record UnitSlot(NodeProto Node, int Input, ConstantValue Constant, int Axis, SlotRole Role);

/// <summary>An entry of a Reshape's shape that counts a group's units.</summary>
/// <param name="Node">The Reshape.</param>
/// <param name="Entry">Which entry.</param>
internal sealed record UnitCount(NodeProto Node, int Entry);

/// <summary>What a constant does with units.</summary>
internal enum SlotRole
{
    /// <summary>Belongs to them on their way: a bias, a scale.</summary>
    Carries,

    /// <summary>Makes them: outputs of a product or a convolution.</summary>
    Makes,

    /// <summary>Takes them: inputs of a product or a convolution.</summary>
    Takes,
}
