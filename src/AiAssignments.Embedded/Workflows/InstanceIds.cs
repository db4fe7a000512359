using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Workflows;

/// <summary>What an instance id may be.</summary>
internal static class InstanceIds
{
    private const int Longest = 1000;

    /// <summary>The id as it is.</summary>
    /// <exception cref="ProblemException"><c>instance-id-invalid</c>.</exception>
    public static string Check(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= Longest && !id.Any(char.IsControl)
            ? id
            : throw new ProblemException("instance-id-invalid", $"A workflow instance id has 1 to {Longest} characters and no control characters.");
    }
}
