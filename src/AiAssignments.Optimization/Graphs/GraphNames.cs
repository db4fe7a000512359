using System.Globalization;
using AiAssignments.Onnx;

namespace AiAssignments.Optimization.Graphs;

/// <summary>Gives names that no value and no node of any graph of the model has, the same ones on every run.</summary>
public sealed class GraphNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>Collects the names of a model.</summary>
    /// <param name="model">The model.</param>
    public GraphNames(ModelProto model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Take(model.Graph);
    }

    /// <summary>A free name, taken from now on.</summary>
    /// <param name="stem">The name itself when it is free, else with a number behind it.</param>
    public string Unique(string stem)
    {
        ArgumentNullException.ThrowIfNull(stem);
        var name = stem;
        for (var i = 2; !taken.Add(name); i++)
        {
            name = $"{stem}_{i.ToString(CultureInfo.InvariantCulture)}";
        }

        return name;
    }

    private void Take(GraphProto graph)
    {
        taken.UnionWith(graph.Input.Select(input => input.Name));
        taken.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
        taken.UnionWith(graph.SparseInitializer.Select(sparse => sparse.Values?.Name ?? string.Empty));
        foreach (var node in graph.Node)
        {
            taken.Add(node.Name);
            taken.UnionWith(node.Input);
            taken.UnionWith(node.Output);
            foreach (var subgraph in GraphIndex.Subgraphs(node))
            {
                Take(subgraph);
            }
        }
    }
}
