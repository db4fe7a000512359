using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>
/// The norm of each unit's weights. For channels, those of the filters that make them, as in Li et al. 2017; where several convolutions make the same channels,
/// over all of these. For rows and heads, those of the products before and behind.
/// </summary>
internal sealed class UnitImportance(OnnxModel model, FilterNorm norm)
{
    private readonly GraphConstants constants = new(model);

    /// <returns>A number for each unit; <c>null</c> when one is not finite.</returns>
    public double[]? Of(UnitGroup group)
    {
        var sums = new double[group.Units];
        foreach (var slot in group.Slots.Where(slot => slot.Role == SlotRole.Makes || (slot.Role == SlotRole.Takes && group.Kind != UnitKind.Channel)))
        {
            Add(sums, constants.Floats(slot.Constant), slot.Constant.Dims, slot.Axis);
        }

        return Array.TrueForAll(sums, double.IsFinite) ? sums : null;
    }

    private void Add(double[] sums, float[] values, IReadOnlyList<long> dims, int axis)
    {
        var each = dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        var run = (int)(dims[axis] / sums.Length * each);
        for (var start = 0; start < values.Length; start += run)
        {
            var part = values.AsSpan(start, run);
            var sum = 0.0;
            foreach (var value in part)
            {
                sum += norm == FilterNorm.L1 ? Math.Abs((double)value) : (double)value * value;
            }

            sums[start / run % sums.Length] += sum;
        }
    }
}
