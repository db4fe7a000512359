using AiAssignments.Core.Errors;

namespace AiAssignments.Azure.Blobs.Naming;

/// <summary>Maps blob paths to names of the service and back.</summary>
internal interface IBlobNaming
{
    /// <summary>The service's name of a path.</summary>
    /// <exception cref="ProblemException"><c>blob-path-invalid</c>.</exception>
    string ToName(string path);

    /// <summary>The path that a name stands for; <c>null</c> when it stands for none.</summary>
    string? ToPath(string name);

    /// <summary>What all names begin with whose paths begin with <paramref name="prefix"/>. Others may begin with it too.</summary>
    string ToNamePrefix(string prefix);
}
