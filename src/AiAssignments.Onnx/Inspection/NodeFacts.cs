namespace AiAssignments.Onnx.Inspection;

/// <summary>What of a node decides how large its output is.</summary>
/// <param name="Domain">Its operator's domain.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="Inputs">Names of its first inputs.</param>
/// <param name="Attributes">Its numeric attributes.</param>
internal sealed record NodeFacts(string Domain, string Operator, List<string> Inputs, List<KeyValuePair<string, Constant>> Attributes)
{
    /// <summary>An attribute's numbers, or <c>null</c>.</summary>
    public Constant? Attribute(string name)
    {
        foreach (var (key, value) in Attributes)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}
