using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>The model's own functions. A runtime writes each call out, so that a few functions that call each other twice can grow without bound.</summary>
internal sealed class FunctionExpansion(OnnxLimits limits, string path)
{
    private readonly Dictionary<(string Domain, string Name), List<(string Domain, string Operator)>> bodies = [];
    private readonly Dictionary<(string Domain, string Name), long> sizes = [];

    public void Add(string domain, string name, List<(string Domain, string Operator)> body)
    {
        if (!bodies.TryAdd((domain, name), body))
        {
            throw new ProblemException("onnx-function", $"The function '{domain}:{name}' is defined twice.", path);
        }
    }

    /// <summary>Operators used inside the functions.</summary>
    public IEnumerable<(string Domain, string Operator)> Operators => bodies.Values.SelectMany(body => body);

    public bool Defines(string domain, string name) => bodies.ContainsKey((domain, name));

    /// <summary>Nodes that these operators become once all calls are written out.</summary>
    public long Expand(IReadOnlyList<(string Domain, string Operator)> nodes)
    {
        var total = 0L;
        foreach (var node in nodes)
        {
            total += Size(node, 0);
            if (total > limits.Nodes)
            {
                throw new ProblemException("onnx-too-large", $"The graph has more than {limits.Nodes} nodes once its functions are written out.", path);
            }
        }

        return total;
    }

    private long Size((string Domain, string Operator) node, int depth)
    {
        if (!bodies.TryGetValue(node, out var body))
        {
            return 1;
        }

        if (sizes.TryGetValue(node, out var known))
        {
            return known;
        }

        if (depth > limits.GraphDepth)
        {
            throw new ProblemException("onnx-function", $"The function '{node.Domain}:{node.Operator}' calls itself, or functions nest deeper than {limits.GraphDepth}.", path);
        }

        var total = 0L;
        foreach (var inner in body)
        {
            total = Math.Min(total + Size(inner, depth + 1), limits.Nodes + 1);
        }

        return sizes[node] = total;
    }
}
