using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Declared;

namespace SourceNet.Analyzers.Torch;

/// <summary>The types of TorchSharp that rules speak of, looked up once in a compilation, and what an operation does in their terms.</summary>
internal sealed class TorchSymbols
{
    private TorchSymbols(Compilation compilation, INamedTypeSymbol torch, INamedTypeSymbol module, INamedTypeSymbol tensor)
    {
        Torch = torch;
        Module = module;
        Tensor = tensor;
        Parameter = compilation.GetTypeByMetadataName("TorchSharp.Modules.Parameter");
        NN = compilation.GetTypeByMetadataName("TorchSharp.torch+nn");
        Functional = compilation.GetTypeByMetadataName("TorchSharp.torch+nn+functional");
        Sequential = compilation.GetTypeByMetadataName("TorchSharp.Modules.Sequential");
        Optim = compilation.GetTypeByMetadataName("TorchSharp.torch+optim");
        Optimizer = compilation.GetTypeByMetadataName("TorchSharp.torch+optim+Optimizer");
        Scheduler = compilation.GetTypeByMetadataName("TorchSharp.torch+optim+lr_scheduler+LRScheduler");
        DisposeScope = compilation.GetTypeByMetadataName("TorchSharp.DisposeScope");
        Function = compilation.GetTypeByMetadataName("TorchSharp.torch+autograd+Function`1");
        Data = compilation.GetTypeByMetadataName("TorchSharp.torch+utils+data");
        Dataset = compilation.GetTypeByMetadataName("TorchSharp.torch+utils+data+Dataset`1");
        DataLoader = compilation.GetTypeByMetadataName("TorchSharp.Modules.DataLoader`2");
        Transform = compilation.GetTypeByMetadataName("TorchSharp.torchvision+ITransform");
        Transforms = compilation.GetTypeByMetadataName("TorchSharp.torchvision+transforms");
        Model = compilation.GetTypeByMetadataName("SourceNet.Model");
        RegularizedOptimizer = compilation.GetTypeByMetadataName("SourceNet.RegularizedOptimizer");
        Batches = compilation.GetTypeByMetadataName("SourceNet.Training.Batches");
        TensorBatches = compilation.GetTypeByMetadataName("SourceNet.Training.TensorBatches");
        Augmentation = compilation.GetTypeByMetadataName("SourceNet.Training.Augmentation");
    }

    /// <summary><c>torch</c>.</summary>
    public INamedTypeSymbol Torch { get; }

    /// <summary><c>torch.nn.Module</c>.</summary>
    public INamedTypeSymbol Module { get; }

    /// <summary><c>torch.Tensor</c>.</summary>
    public INamedTypeSymbol Tensor { get; }

    /// <summary><c>TorchSharp.Modules.Parameter</c>.</summary>
    public INamedTypeSymbol? Parameter { get; }

    /// <summary><c>torch.nn</c>.</summary>
    public INamedTypeSymbol? NN { get; }

    /// <summary><c>torch.nn.functional</c>.</summary>
    public INamedTypeSymbol? Functional { get; }

    /// <summary><c>TorchSharp.Modules.Sequential</c>.</summary>
    public INamedTypeSymbol? Sequential { get; }

    /// <summary><c>torch.optim</c>.</summary>
    public INamedTypeSymbol? Optim { get; }

    /// <summary><c>torch.optim.Optimizer</c>.</summary>
    public INamedTypeSymbol? Optimizer { get; }

    /// <summary><c>torch.optim.lr_scheduler.LRScheduler</c>.</summary>
    public INamedTypeSymbol? Scheduler { get; }

    /// <summary><c>DisposeScope</c>.</summary>
    public INamedTypeSymbol? DisposeScope { get; }

    /// <summary><c>torch.autograd.Function&lt;T&gt;</c>, the base of both kinds of custom functions.</summary>
    public INamedTypeSymbol? Function { get; }

    /// <summary><c>torch.utils.data</c>.</summary>
    public INamedTypeSymbol? Data { get; }

    /// <summary><c>torch.utils.data.Dataset&lt;T&gt;</c>, the base of all datasets.</summary>
    public INamedTypeSymbol? Dataset { get; }

    /// <summary><c>TorchSharp.Modules.DataLoader&lt;T, S&gt;</c>, the base of all loaders.</summary>
    public INamedTypeSymbol? DataLoader { get; }

    /// <summary><c>torchvision.ITransform</c>, where TorchVision is referenced.</summary>
    public INamedTypeSymbol? Transform { get; }

    /// <summary><c>torchvision.transforms</c>, where TorchVision is referenced.</summary>
    public INamedTypeSymbol? Transforms { get; }

    /// <summary><c>SourceNet.Model</c>, where the runtime package is referenced.</summary>
    public INamedTypeSymbol? Model { get; }

    /// <summary>Whether a class is one of the bases of declared models, whatever its forward takes.</summary>
    public bool IsModelBase(ITypeSymbol? type) => Model is { } model
        && type is { Name: "Model", ContainingType: null }
        && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, model.ContainingAssembly)
        && SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, model.ContainingNamespace);

    /// <summary><c>SourceNet.RegularizedOptimizer</c>, the base of SourceNet's optimizers, where the runtime package is referenced.</summary>
    public INamedTypeSymbol? RegularizedOptimizer { get; }

    /// <summary><c>SourceNet.Training.Batches</c>, where that package is referenced.</summary>
    public INamedTypeSymbol? Batches { get; }

    /// <summary><c>SourceNet.Training.TensorBatches</c>, where that package is referenced.</summary>
    public INamedTypeSymbol? TensorBatches { get; }

    /// <summary><c>SourceNet.Training.Augmentation</c>, the base of every class with <c>[Augmentation]</c>.</summary>
    public INamedTypeSymbol? Augmentation { get; }

    /// <summary>The symbols of a compilation, or null where it does not reference TorchSharp.</summary>
    public static TorchSymbols? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName("TorchSharp.torch") is { } torch
        && compilation.GetTypeByMetadataName("TorchSharp.torch+nn+Module") is { } module
        && compilation.GetTypeByMetadataName("TorchSharp.torch+Tensor") is { } tensor
            ? new(compilation, torch, module, tensor)
            : null;

    public bool IsModule(ITypeSymbol? type) => Symbols.IsModule(type);

    public bool IsTensor(ITypeSymbol? type) => Is(type, Tensor);

    public bool IsParameter(ITypeSymbol? type) => Is(type, Parameter);

    /// <summary>Whether this is a loss, which is a module in name only: one of TorchSharp's, or a class that is named so.</summary>
    public static bool IsLoss(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name.EndsWith("Loss", StringComparison.Ordinal) || type.Name.EndsWith("Criterion", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsOptimizer(ITypeSymbol? type) => Is(type, Optimizer);

    /// <summary>Whether a type is TorchSharp's own, or a method no override of its.</summary>
    public bool IsOfTorchSharp(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, Torch.ContainingAssembly);

    public bool IsDataset(ITypeSymbol? type) => Is(type, Dataset);

    public bool IsDataLoader(ITypeSymbol? type) => Is(type, DataLoader);

    public bool IsDisposeScope(ITypeSymbol? type) => Is(type, DisposeScope);

    public bool IsScheduler(ITypeSymbol? type) => Is(type, Scheduler);

    /// <summary>Whether this is <c>module.forward(...)</c> or <c>module.call(...)</c>, of TorchSharp's or of an override.</summary>
    public bool IsForward(IMethodSymbol method) => method is { Name: "forward" or "call", IsStatic: false } && IsModule(method.ContainingType);

    /// <inheritdoc cref="IsForward(IMethodSymbol)"/>
    public bool IsForward(IInvocationOperation call) => IsForward(call.TargetMethod);

    /// <summary>Whether this calls the method of that name of a module: <c>eval</c>, <c>train</c>, <c>parameters</c>, <c>RegisterComponents</c>, ...</summary>
    public bool IsModuleMethod(IInvocationOperation call, string name) => IsModuleMethod(call.TargetMethod, name);

    /// <inheritdoc cref="IsModuleMethod(IInvocationOperation, string)"/>
    public bool IsModuleMethod(IMethodSymbol method, string name) => method.Name == name && !method.IsStatic && IsModule(method.ContainingType);

    /// <summary>Whether this is <c>tensor.backward(...)</c>.</summary>
    public bool IsBackward(IMethodSymbol method) => method is { Name: "backward", IsStatic: false } && IsTensor(method.ContainingType);

    /// <inheritdoc cref="IsBackward(IMethodSymbol)"/>
    public bool IsBackward(IInvocationOperation call) => IsBackward(call.TargetMethod);

    /// <summary>Whether this is <c>optimizer.step(...)</c>. A scheduler's step is none.</summary>
    public bool IsOptimizerStep(IMethodSymbol method) => method.Name == "step" && IsOptimizer(method.ContainingType);

    /// <inheritdoc cref="IsOptimizerStep(IMethodSymbol)"/>
    public bool IsOptimizerStep(IInvocationOperation call) => IsOptimizerStep(call.TargetMethod);

    /// <summary>Whether this is <c>scheduler.step(...)</c>.</summary>
    public bool IsSchedulerStep(IMethodSymbol method) => method.Name == "step" && IsScheduler(method.ContainingType);

    /// <summary>Whether this is a static function of <c>torch</c>, such as <c>torch.no_grad()</c>.</summary>
    public bool IsTorchFunction(IInvocationOperation call, string name) =>
        call.TargetMethod.Name == name && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, Torch);

    /// <summary>Whether this is a static function of <c>torch.nn.functional</c>.</summary>
    public bool IsFunctional(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingType, Functional);

    /// <inheritdoc cref="IsFunctional(IMethodSymbol)"/>
    public bool IsFunctional(IInvocationOperation call, string name) => call.TargetMethod.Name == name && IsFunctional(call.TargetMethod);

    /// <summary>Whether this is a function of <c>torch.nn</c>, which make modules.</summary>
    public bool IsModuleFactory(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingType, NN);

    /// <summary>Whether this computes a loss that takes logits: a cross-entropy, of classes or of yes and no.</summary>
    public bool TakesLogits(IInvocationOperation call) =>
        IsFunctional(call, "cross_entropy")
        || IsFunctional(call, "binary_cross_entropy_with_logits")
        || (IsForward(call) && call.Instance?.Type?.Name is "CrossEntropyLoss" or "BCEWithLogitsLoss");

    /// <summary>Whether this is <c>nn.Sequential(...)</c>.</summary>
    public bool IsSequentialFactory(IMethodSymbol method) => method.Name == "Sequential" && IsModuleFactory(method);

    /// <inheritdoc cref="IsSequentialFactory(IMethodSymbol)"/>
    public bool IsSequentialFactory(IInvocationOperation call) => IsSequentialFactory(call.TargetMethod);

    /// <summary>Whether this makes an optimizer by a factory of <c>torch.optim</c>, such as <c>torch.optim.Adam(...)</c>.</summary>
    public bool IsOptimizerFactory(IMethodSymbol method) => Optim is not null && SymbolEqualityComparer.Default.Equals(method.ContainingType, Optim);

    /// <inheritdoc cref="IsOptimizerFactory(IMethodSymbol)"/>
    public bool IsOptimizerFactory(IInvocationOperation call) => IsOptimizerFactory(call.TargetMethod);

    /// <summary>Whether a type is one of SourceNet's optimizers, whose constructors take groups, or parameters that are all stepped alike.</summary>
    public bool IsRegularizedOptimizer(ITypeSymbol? type) => Is(type, RegularizedOptimizer);

    private static bool Is(ITypeSymbol? type, INamedTypeSymbol? wanted)
    {
        if (wanted is null)
        {
            return false;
        }

        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Any(constraint => Is(constraint, wanted));
        }

        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, wanted))
            {
                return true;
            }
        }

        return false;
    }
}
