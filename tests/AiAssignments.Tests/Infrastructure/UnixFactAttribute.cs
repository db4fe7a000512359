namespace AiAssignments.Tests.Infrastructure;

/// <summary>A test that runs a shell script.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "The hooks are shell scripts; on Windows they run in WSL." : null;
}
