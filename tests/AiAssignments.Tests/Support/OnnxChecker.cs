using System.Diagnostics;

namespace AiAssignments.Tests.Support;

/// <summary>ONNX's own checker on all files of a folder, in one process, where Debian's python3-onnx is installed.</summary>
internal static class OnnxChecker
{
    private const string Script = """
        import sys, glob, onnx
        bad = 0
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            try:
                onnx.checker.check_model(path, full_check=sys.argv[2] == 'full')
            except Exception as e:
                bad += 1
                print(path.split('/')[-1], str(e).strip().split('\n')[0])
        sys.exit(1 if bad else 0)
        """;

    /// <summary>Whether it is installed.</summary>
    public static bool IsHere { get; } = Python("-c", "import onnx").Exit == 0;

    /// <summary>Checks a folder, and fails where the checker is not installed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isFull">Whether shapes are inferred and compared with the declared ones, too.</param>
    public static void Check(string folder, bool isFull = false)
    {
        var (exit, output) = Python("-c", Script, folder, isFull ? "full" : "plain");
        Assert.True(exit == 0, output);
    }

    /// <summary>As <see cref="Check"/>, in tests that look at other things: what is to be judged by the checker has a test of its own, which is skipped by name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isFull">Whether shapes are inferred and compared with the declared ones, too.</param>
    public static void CheckIfHere(string folder, bool isFull = false)
    {
        if (IsHere)
        {
            Check(folder, isFull);
        }
    }

    private static (int Exit, string Output) Python(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return (-1, "python3-onnx is not installed");
        }

        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
