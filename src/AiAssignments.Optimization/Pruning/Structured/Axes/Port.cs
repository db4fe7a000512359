namespace AiAssignments.Optimization.Pruning.Structured.Axes;

/// <summary>An axis of an input or output of a node, counted from the first one.</summary>
/// <param name="IsOutput">Whether it is an output.</param>
/// <param name="Index">Which input or output.</param>
/// <param name="Axis">Which axis of it.</param>
/// <param name="Role">What a constant there does with the units.</param>
internal readonly record struct Port(bool IsOutput, int Index, int Axis, SlotRole Role = SlotRole.Carries)
{
    public static Port In(int index, int axis, SlotRole role = SlotRole.Carries) => new(false, index, axis, role);

    public static Port Out(int axis, int index = 0) => new(true, index, axis);
}
