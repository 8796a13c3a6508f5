using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SourceNet.Benchmarks;
using SourceNet.Benchmarks.AnalyzerSpeed;
using SourceNet.Benchmarks.AuditSpeed;
using SourceNet.Benchmarks.GeneratorSpeed;
using SourceNet.Benchmarks.Rows;

if (args is ["kernels", .. var rest])
{
    // In this process: one that BenchmarkDotNet built would lack the native library beside it.
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    BenchmarkSwitcher.FromAssembly(typeof(Options).Assembly).Run(rest, config);
    return 0;
}

if (args is ["analyzers", .. var analyzed])
{
    if (AnalyzerOptions.Parse(analyzed) is not { } wanted)
    {
        Console.Error.WriteLine(Options.Usage);
        return 2;
    }

    return AnalyzerReport.Run(wanted);
}

if (args is ["generator", .. var counted])
{
    if (counted is not ([] or ["--models", _]) || !int.TryParse(counted is [_, var count] ? count : "1000", out var models) || models < 1)
    {
        Console.Error.WriteLine(Options.Usage);
        return 2;
    }

    return GeneratorReport.Run(models);
}

if (args is ["audit", .. var sized])
{
    if (sized is not ([] or ["--projects", _]) || !int.TryParse(sized is [_, var number] ? number : "200", out var projects) || projects < 1)
    {
        Console.Error.WriteLine(Options.Usage);
        return 2;
    }

    return AuditReport.Run(projects);
}

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

return Report.Run([
    .. RowKernelRows.All,
    .. SumRows.All,
    .. BatchRows.All,
    .. FoldingRows.All,
    .. CrossEntropyRows.All,
    .. TrainingRows.All,
    .. OptimizerRows.All,
    .. AugmentationRows.All
], options);
