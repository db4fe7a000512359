namespace AiAssignments.Onnx.Inspection;

/// <summary>The constants of a graph and its nodes whose outputs may be larger than their inputs. A graph sees the constants of those around it.</summary>
/// <param name="parent">The graph around it; <c>null</c> for the outermost and for functions.</param>
internal sealed class ConstantScope(ConstantScope? parent)
{
    private readonly Dictionary<string, Constant> constants = new(StringComparer.Ordinal);

    /// <summary>Nodes to be looked at once all constants are known: a file may list them after the nodes.</summary>
    public List<NodeFacts> Growing { get; } = [];

    /// <summary>Adds a constant; of two with one name the larger counts, as the file does not say which a runtime takes.</summary>
    public void Add(string name, Constant constant)
    {
        if (!constants.TryGetValue(name, out var known) || Product(constant) > Product(known))
        {
            constants[name] = constant;
        }
    }

    public Constant? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.constants.TryGetValue(name, out var found))
            {
                return found;
            }
        }

        return null;
    }

    private ConstantScope? Parent => parent;

    private static double Product(Constant constant) => constant.Values?.Aggregate(1.0, (product, value) => product * value) ?? constant.Elements;
}
