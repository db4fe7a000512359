using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Pruning.Magnitude;
using AiAssignments.Optimization.Pruning.Patterns;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Pruning;

/// <summary>Zeros to the weight, the smallest ones, against a plain stable sort of all weights.</summary>
public sealed class ZeroCountTests
{
    [Property(MaxTest = 200)]
    public void All_together_the_smallest_are_zero_and_no_other(int seed, byte share, bool isHalf)
    {
        var amount = (share + 1) / 257.0;
        var graph = ZeroedWeights.Graph(seed, isHalf);
        if (Pruned(graph, new MagnitudePruningPass(new() { Amount = amount })) is not { } found)
        {
            return;
        }

        float[] before = [.. found.Before.SelectMany(values => values)];
        var asked = (int)Math.Round(amount * before.Length);
        Assert.Equal(Smallest(before, asked), found.After.SelectMany(values => values));
        Assert.Equal(Math.Max(asked, before.Count(value => value == 0)), found.After.Sum(values => values.Count(value => value == 0)));
        Assert.Equal(asked.ToString(CultureInfo.InvariantCulture), found.Fact("zeros-asked"));
        Assert.Equal(found.After.Sum(values => values.Count(value => value == 0)).ToString(CultureInfo.InvariantCulture), found.Fact("zeros-found"));
    }

    [Property(MaxTest = 200)]
    public void Layer_by_layer_each_has_its_share(int seed, byte share, bool isHalf)
    {
        var amount = (share + 1) / 257.0;
        if (Pruned(ZeroedWeights.Graph(seed, isHalf), new MagnitudePruningPass(new() { Amount = amount, Scope = PruningScope.PerLayer })) is not { } found)
        {
            return;
        }

        foreach (var (before, after) in found.Before.Zip(found.After))
        {
            Assert.Equal(Smallest(before, (int)Math.Round(amount * before.Length)), after);
        }
    }

    [Property(MaxTest = 200)]
    public void Of_every_group_along_the_inputs_the_largest_stay(int seed, byte pattern)
    {
        var (n, m) = (1 + (pattern % 3), 4 + (pattern / 3 % 5));
        var graph = ZeroedWeights.Graph(seed, isHalf: false);
        var axes = graph.Graph.Node.Select(node => node.OpType == "Conv" ? 1 : (int)node.Whole("transB", 0) * (node.OpType == "Gemm" ? 1 : 0)).ToList();
        if (Pruned(graph, new PatternPruningPass(new() { N = n, M = m })) is not { } found)
        {
            return;
        }

        var zeros = 0L;
        foreach (var (at, axis) in axes.Index())
        {
            var (before, after, dims) = (found.Before[at], found.After[at], found.Dims[at]);
            var stride = dims.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
            var groups = Enumerable.Range(0, before.Length).GroupBy(element => (element / stride / dims[axis], element % stride, element / stride % dims[axis] / m));
            foreach (var group in groups.Select(elements => elements.ToArray()))
            {
                float[] expected = Smallest([.. group.Select(element => before[element])], Math.Max(group.Length - n, 0));
                Assert.Equal(expected, group.Select(element => after[element]));
                zeros += Math.Max(group.Length - n, 0);
            }
        }

        Assert.Equal(zeros.ToString(CultureInfo.InvariantCulture), found.Fact("zeros-asked"));
        Assert.Equal(found.After.Sum(values => values.LongCount(value => value == 0)).ToString(CultureInfo.InvariantCulture), found.Fact("zeros-found"));
    }

    [Fact]
    public void Two_of_four_in_numbers()
    {
        var graph = new GraphBuilder("rows", 13);
        graph.Input("x", TensorProto.Types.DataType.Float, "batch", 7);
        graph.Floats("w", [3, -1, 2, -4, 5, -5, 5], 7, 1);
        graph.Node("MatMul", ["x", "w"], "y");
        var found = ZeroedWeights.Of(graph.Build(), new PatternPruningPass());

        // The remainder of three keeps its two largest; of equal ones the later.
        Assert.Equal([3, 0, 0, -4, 0, -5, 5], found.After[0]);
        Assert.Equal("3", found.Fact("zeros-asked:node_0_MatMul"));
        Assert.Contains(found.Result.Notes, note => note.Contains("4 does not divide the inputs of 1 weights", StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_weight_rounds_to_even_and_the_first_of_equals_goes()
    {
        var graph = new GraphBuilder("five", 13);
        graph.Input("x", TensorProto.Types.DataType.Float, "batch", 5);
        graph.Floats("w", [1, -1, 1, 2, 1], 5, 1);
        graph.Node("MatMul", ["x", "w"], "y");

        // round(2.5) = 2, round(3.5 of 5 * 0.7) = 4.
        Assert.Equal([0, 0, 1, 2, 1], ZeroedWeights.Of(graph.Build(), new MagnitudePruningPass(new() { Amount = 0.5 })).After[0]);
        Assert.Equal([0, 0, 0, 2, 0], ZeroedWeights.Of(graph.Build(), new MagnitudePruningPass(new() { Amount = 0.7 })).After[0]);
    }

    /// <returns><c>null</c> when it was refused because no zero had to be made.</returns>
    private static ZeroedWeights? Pruned(ModelProto graph, IGraphPass pass)
    {
        try
        {
            return ZeroedWeights.Of(graph, pass);
        }
        catch (ProblemException none) when (none.Problem.Code is "already-pruned" or "nothing-to-prune")
        {
            return null;
        }
    }

    private static float[] Smallest(float[] values, int count)
    {
        var pruned = values.ToArray();
        foreach (var at in Enumerable.Range(0, values.Length).OrderBy(at => Math.Abs(values[at])).Take(count))
        {
            pruned[at] = 0;
        }

        return pruned;
    }
}
