namespace AiAssignments.Http.Pages;

/// <summary>Where the dashboard's files lie, in a host that serves them itself.</summary>
/// <param name="Path">The folder, with <c>index.html</c> in it.</param>
public sealed record PageFolder(string Path);
