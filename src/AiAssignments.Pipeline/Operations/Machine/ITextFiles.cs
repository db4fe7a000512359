namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>The kernel's files, or captured ones.</summary>
internal interface ITextFiles
{
    /// <summary>The whole text; <c>null</c> when there is no such file or it may not be read.</summary>
    /// <param name="path">Absolute path.</param>
    string? Read(string path);
}

/// <summary>The files of the machine this runs on.</summary>
internal sealed class KernelFiles : ITextFiles
{
    public string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.SecurityException or NotSupportedException)
        {
            return null;
        }
    }
}
