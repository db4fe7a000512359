using AiAssignments.Onnx;
using Google.Protobuf.Collections;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Takes out what nothing uses any more: initializers (and their entry among the inputs), and nodes that only pass constants on.</summary>
public static class UnusedConstants
{
    private static readonly HashSet<string> Carriers = new(StringComparer.Ordinal) { "Constant", "Identity", "Transpose", "Cast", "DequantizeLinear" };

    /// <summary>Removes until nothing more is unused. Inputs that a caller binds, and outputs, stay.</summary>
    /// <param name="model">The model, changed in place.</param>
    /// <returns>Initializers and nodes removed.</returns>
    public static int Remove(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var removed = 0;
        for (var before = -1; before != removed;)
        {
            before = removed;
            foreach (var scope in GraphIndex.Of(model).Scopes)
            {
                removed += Remove(scope);
            }
        }

        foreach (var scope in GraphIndex.Of(model).Scopes)
        {
            var known = scope.Values.Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
            Keep(scope.Graph.ValueInfo, info => known.Contains(info.Name));
        }

        return removed;
    }

    private static int Remove(GraphScope scope)
    {
        var graph = scope.Graph;
        var unused = scope.Values.Where(value => IsUnused(value) && !(value.IsInput && scope.Parent is not null)).Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
        var removed = Keep(graph.Initializer, tensor => !unused.Contains(tensor.Name), out var gone);
        Keep(graph.Input, input => !gone.Any(tensor => tensor.Name == input.Name));

        // Consumers stand behind producers: from the end, a chain goes in one pass.
        var live = scope.Values.ToDictionary(value => value.Name, value => value.Uses.Count + (value.IsOutput ? 1 : 0), StringComparer.Ordinal);
        var dead = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        foreach (var node in graph.Node.Reverse().Where(node => OnnxModel.Is(node, node.OpType) && Carriers.Contains(node.OpType) && node.Output.Count == 1))
        {
            if (live.GetValueOrDefault(node.Output[0]) == 0 && dead.Add(node))
            {
                foreach (var name in node.Input.Where(live.ContainsKey))
                {
                    live[name]--;
                }
            }
        }

        removed += Keep(graph.Node, node => !dead.Contains(node));
        return removed;
    }

    private static bool IsUnused(GraphValue value) => value.Uses.Count == 0 && !value.IsOutput;

    private static int Keep<T>(RepeatedField<T> list, Func<T, bool> isKept) => Keep(list, isKept, out _);

    // Not RepeatedField.Remove, which compares messages, weights and all.
    private static int Keep<T>(RepeatedField<T> list, Func<T, bool> isKept, out List<T> gone)
    {
        gone = list.Where(item => !isKept(item)).ToList();
        if (gone.Count > 0)
        {
            var kept = list.Where(isKept).ToList();
            list.Clear();
            list.AddRange(kept);
        }

        return gone.Count;
    }
}
