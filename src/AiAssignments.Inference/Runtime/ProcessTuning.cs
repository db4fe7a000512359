using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiAssignments.Inference.Runtime;

/// <summary>
/// Has malloc ask the kernel for huge pages, which makes ONNX Runtime markedly faster where the cost of address translation is high (virtual machines).
/// glibc reads the setting only when a process starts, so the process replaces itself once.
/// </summary>
public static class ProcessTuning
{
    /// <summary>Set to <c>off</c> to keep the process as it was started.</summary>
    public const string OptOutVariable = "AIA_HUGE_PAGES";

    internal const string GuardVariable = "AIA_HUGE_PAGES_SET";
    private const string TunablesVariable = "GLIBC_TUNABLES";
    private const string Tunable = "glibc.malloc.hugetlb";
    private const string KernelSetting = "/sys/kernel/mm/transparent_hugepage/enabled";

    /// <summary>
    /// The first line of <c>Main</c>. On Linux with glibc 2.35 or newer, where the kernel gives huge pages on request (<c>madvise</c>), replaces the process by
    /// itself (execve: same process id, arguments and terminal) with <c>GLIBC_TUNABLES=glibc.malloc.hugetlb=1</c> added. Elsewhere, and the second time, does
    /// nothing. Never throws.
    /// </summary>
    public static void EnsureHugePages()
    {
        if (Look() != HugePageState.Possible || Debugger.IsAttached)
        {
            return;
        }

        try
        {
            Replace();
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            // Slower, not wrong: go on as started. Describe() says so.
        }
    }

    /// <summary>One line for the start-up message and the report, for example <c>on (glibc.malloc.hugetlb=1)</c>.</summary>
    public static string Describe() => Look() switch
    {
        HugePageState.On => "on (glibc.malloc.hugetlb=1)",
        HugePageState.Always => "on (the kernel gives them to every process)",
        HugePageState.OptedOut => $"off ({OptOutVariable}=off)",
        HugePageState.KernelRefuses => "off (transparent huge pages are 'never' on this kernel)",
        HugePageState.Possible => "off (possible here: set GLIBC_TUNABLES=glibc.malloc.hugetlb=1 before the start)",
        _ => "not available (needs Linux with glibc 2.35 or newer)",
    };

    internal static HugePageState Look()
    {
        if (!OperatingSystem.IsLinux() || !GlibcHasTunable())
        {
            return HugePageState.NotHere;
        }

        string kernel;
        try
        {
            kernel = File.ReadAllText(KernelSetting);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return HugePageState.KernelRefuses;
        }

        return Decide(
            kernel,
            Environment.GetEnvironmentVariable(TunablesVariable),
            Environment.GetEnvironmentVariable(OptOutVariable));
    }

    internal static HugePageState Decide(string kernel, string? tunables, string? optOut)
    {
        if (kernel.Contains("[always]", StringComparison.Ordinal))
        {
            return HugePageState.Always;
        }

        if (!kernel.Contains("[madvise]", StringComparison.Ordinal))
        {
            return HugePageState.KernelRefuses;
        }

        // Whoever set the tunable before the start has decided, either way.
        var said = tunables?.Split(':').LastOrDefault(one => one.StartsWith(Tunable + "=", StringComparison.Ordinal));
        if (said is not null)
        {
            return said.EndsWith("=0", StringComparison.Ordinal) ? HugePageState.OptedOut : HugePageState.On;
        }

        return string.Equals(optOut, "off", StringComparison.OrdinalIgnoreCase) ? HugePageState.OptedOut : HugePageState.Possible;
    }

    private static void Replace()
    {
        if (Environment.GetEnvironmentVariable(GuardVariable) is not null || Environment.ProcessPath is not { } program || !File.Exists(program))
        {
            return;
        }

        // The kernel's own list of arguments: it has what .NET hides (`dotnet exec app.dll ...`).
        var arguments = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];
        var before = Environment.GetEnvironmentVariable(TunablesVariable);
        Environment.SetEnvironmentVariable(TunablesVariable, string.IsNullOrEmpty(before) ? $"{Tunable}=1" : $"{before}:{Tunable}=1");
        Environment.SetEnvironmentVariable(GuardVariable, "1");
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}").ToArray();

        // Returns only when it failed.
        Libc.Execute(program, [.. arguments, null], [.. variables, null]);
        Environment.SetEnvironmentVariable(TunablesVariable, before);
    }

    private static bool GlibcHasTunable()
    {
        try
        {
            return Version.TryParse(Marshal.PtrToStringUTF8(Libc.Version()), out var version) && version >= new Version(2, 35);
        }
        catch (Exception other) when (other is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }
}
