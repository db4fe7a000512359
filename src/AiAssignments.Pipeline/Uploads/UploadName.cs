using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>The file name that a client gives: shown and recognized by, never opened.</summary>
internal static class UploadName
{
    public static string Check(string? name)
    {
        // Some browsers send the whole path.
        var file = name?[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        return file is { Length: > 0 and <= 255 } && file is not ("." or "..") && !file.Any(char.IsControl)
            ? file
            : throw new ProblemException("upload-name-invalid", "The upload needs a file name of 1 to 255 characters without control characters.");
    }
}
