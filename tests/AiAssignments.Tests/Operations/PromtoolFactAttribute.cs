using System.Diagnostics;

namespace AiAssignments.Tests.Operations;

/// <summary>A test that Prometheus' own linter judges; skipped by name where it is not installed.</summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        try
        {
            using var tool = Process.Start(new ProcessStartInfo("promtool", "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            tool!.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip = "promtool is not installed (Debian: apt-get install prometheus)";
        }
    }
}
