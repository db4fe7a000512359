using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Storage;

/// <summary>Hands out addresses to which datasets are uploaded directly. What is put there is a dropped dataset like any other.</summary>
public interface IDirectUploads
{
    /// <summary>Makes an address for one file. It can create and write one blob, of a name of its own that nobody else is given, and read nothing.</summary>
    /// <param name="fileName">File name as the user knows it, 1 to 255 characters; folders before it are left off. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>upload-name-invalid</c>.</exception>
    Task<DirectUpload> SignAsync(string fileName, CancellationToken cancellationToken);
}
