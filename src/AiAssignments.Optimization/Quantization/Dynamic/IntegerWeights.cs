using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>
/// Quantizes the weights of candidates, each one once. A product needs a scale for each of its columns, a lookup can do with either; so a table that both use,
/// turned or not, takes the scales that the product needs, and lies in the file once.
/// </summary>
internal sealed class IntegerWeights
{
    private readonly GraphConstants constants;
    private readonly WeightFormat format;
    private readonly GraphNames names;
    private readonly Func<GraphScope, GraphEdit> edit;
    private readonly ILookup<GraphValue, int> products;
    private readonly ILookup<GraphValue, bool> tables;
    private readonly Dictionary<(GraphValue Source, int Axis), IntegerWeight?> stored = [];

    /// <param name="model">The model.</param>
    /// <param name="format">How products' weights are quantized; tables that no product uses keep all bits.</param>
    /// <param name="names">Gives names.</param>
    /// <param name="edit">Takes new nodes of a graph.</param>
    /// <param name="candidates">All that will be asked for.</param>
    public IntegerWeights(OnnxModel model, WeightFormat format, GraphNames names, Func<GraphScope, GraphEdit> edit, IReadOnlyCollection<DynamicCandidate> candidates)
    {
        (constants, this.format, this.names, this.edit) = (new(model), format, names, edit);
        products = candidates.Where(candidate => !candidate.IsGather).ToLookup(candidate => candidate.Weight.Source, OwnAxis);
        tables = candidates.Where(candidate => candidate.IsGather).ToLookup(candidate => candidate.Weight.Source, candidate => candidate.IsReadTurned);
    }

    /// <summary>Elements of the weights quantized, each weight once.</summary>
    public long Elements { get; private set; }

    /// <summary>The weight of a candidate.</summary>
    /// <returns><c>null</c> when it holds a NaN or an infinity.</returns>
    public IntegerWeight? Of(DynamicCandidate candidate)
    {
        var source = candidate.Weight.Source;
        var axis = AxisOf(candidate);
        if (!stored.TryGetValue((source, axis), out var weight))
        {
            stored.Add((source, axis), weight = Quantize(candidate, axis));
        }

        return weight;
    }

    // Of the tensor as it lies in the file: a lookup has a scale for each of its rows, a product for each of its columns.
    private static int OwnAxis(DynamicCandidate candidate) => candidate.IsGather == candidate.IsReadTurned ? 1 : 0;

    private int AxisOf(DynamicCandidate candidate)
    {
        if (!format.IsPerChannel)
        {
            return -1;
        }

        var own = OwnAxis(candidate);
        var needed = products[candidate.Weight.Source];
        return candidate.IsGather && needed.Any() && !needed.Contains(own) ? 1 - own : own;
    }

    private IntegerWeight? Quantize(DynamicCandidate candidate, int axis)
    {
        var source = candidate.Weight.Source;
        var isTransposed = tables[source].DefaultIfEmpty(candidate.IsReadTurned).First();
        var constant = candidate.Weight with { IsTransposed = isTransposed };
        var values = constants.Floats(constant);
        if (!QuantizationSteps.IsFinite(values))
        {
            return null;
        }

        var (rows, columns) = ((int)constant.Dims[0], (int)constant.Dims[1]);
        var isMultiplied = axis < 0 ? products[source].Any() : products[source].Contains(axis);
        var used = isMultiplied ? format : format with { IsReduced = false };
        var isByRow = axis >= 0 && (axis == 1) == isTransposed;
        var quantized = isByRow ? LinearQuantizer.Quantize(values, rows, columns, used) : LinearQuantizer.Quantize(values, columns, 1, used);
        Elements += values.Length;
        return new IntegerWeight(source, quantized, (rows, columns), isTransposed, axis, names, edit(source.Scope));
    }
}
