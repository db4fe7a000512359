namespace AiAssignments.IntegrationTests.Page;

/// <summary>The browser that the machine has; none is downloaded.</summary>
internal static class Chromium
{
    /// <summary>Where it lies; <c>null</c> when it is absent. <c>AIA_CHROMIUM</c> names another.</summary>
    public static string? Path { get; } =
        new[] { Environment.GetEnvironmentVariable("AIA_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
}
