using SourceNet.Benchmarks;
using SourceNet.Benchmarks.Rows;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

return Report.Run([.. RowKernelRows.All, .. BatchRows.All, .. CrossEntropyRows.All, .. TrainingRows.All, .. OptimizerRows.All], options);
