import {
  type CanActivate,
  Controller,
  Get,
  Injectable,
  NotFoundException,
  Param,
  Req,
  Res,
  type Type,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { ConsoleAssets } from './assets/console-assets.service.js';
import { sendAsset } from './assets/send-asset.js';
import { ConsoleConfigSource } from './config/console-config.source.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** A guard for the page: an instance, or a class that Nest creates in the module. */
export type ConsoleGuard = CanActivate | Type<CanActivate>;

/** Serves the page, its files and its configuration. */
@Injectable()
export abstract class ConsoleController {
  protected abstract readonly path: string;

  constructor(
    private readonly assets: ConsoleAssets,
    private readonly config: ConsoleConfigSource,
  ) {}

  @Get()
  page(@Req() request: Request, @Res() response: Response): void {
    // Relative to the browser's URL, so that a proxy may serve it below another path.
    const { pathname } = new URL(request.originalUrl, 'http://localhost');
    const folder = pathname.endsWith('/')
      ? ''
      : `${pathname.slice(pathname.lastIndexOf('/') + 1)}/`;
    response.set(SECURITY_HEADERS).set('Cache-Control', 'no-cache').type('html');
    response.send(this.assets.page(folder));
  }

  @Get('config.json')
  settings(@Res() response: Response): void {
    response.set(SECURITY_HEADERS).set('Cache-Control', 'no-store');
    response.json(this.config.read(this.path));
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Req() request: Request, @Res() response: Response): void {
    const asset = this.assets.find(name);
    if (asset === undefined) throw new NotFoundException(`Cannot GET ${request.originalUrl}`);
    response.set(SECURITY_HEADERS);
    sendAsset(asset, request, response);
  }
}

/** Creates the controller of one module: path and guards are metadata of the class. */
export function guardedConsoleController(
  path: string,
  guards: readonly ConsoleGuard[],
): Type<ConsoleController> {
  @Controller({ path, version: VERSION_NEUTRAL })
  @UseGuards(...guards)
  class GuardedConsoleController extends ConsoleController {
    protected readonly path = path;
  }
  return GuardedConsoleController;
}
